// The bare peer of GET /users/me: Node's own http server answering the same bytes, with no routing, rights or database.
//   node http.mjs PORT FILE    FILE holds the body
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [port, path] = process.argv.slice(2);
const body = readFileSync(path);
createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(body);
}).listen(Number(port), "127.0.0.1");
