// The bare peer of the WebSocket echo: Node's `ws`, as the distribution packages it, sending back what comes.
//   node ws.mjs PORT
import { createRequire } from "node:module";

const { WebSocketServer } = createRequire(import.meta.url)("/usr/share/nodejs/ws");
new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false }).on("connection", (socket) => {
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
});
