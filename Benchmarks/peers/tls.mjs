// The bare peer of TLS: Node's own https with `ws`, as the distribution packages it.
//   node tls.mjs PORT CERTIFICATE KEY
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createRequire } from "node:module";

const { WebSocketServer } = createRequire(import.meta.url)("/usr/share/nodejs/ws");
const [port, certificate, key] = process.argv.slice(2);
const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) });
// The generator ends with a reset, which is no reason to stop.
server.on("tlsClientError", () => {});
server.on("secureConnection", (socket) => socket.on("error", () => {}));
new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => socket.on("error", () => {}));
server.listen(Number(port), "127.0.0.1");
