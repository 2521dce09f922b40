// A peer of the broadcast: Node's `ws`, as the distribution packages it, sending one text to all its sockets on every POST.
//   node broadcast.mjs PORT FILE    FILE holds the payload; what follows its "bench " is taken from the POST's body
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { WebSocketServer } = createRequire(import.meta.url)("/usr/share/nodejs/ws");
const [port, path] = process.argv.slice(2);
const payload = readFileSync(path, "utf8");
const mark = /bench [^"]*/;
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    response.writeHead(200, { "Content-Length": 2 });
    response.end("{}");
    const text = payload.replace(mark, Buffer.concat(parts).toString().match(mark)[0]);
    for (const socket of sockets.clients) socket.send(text);
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket) => socket.on("error", () => {}));
server.listen(Number(port), "127.0.0.1", 4096);
