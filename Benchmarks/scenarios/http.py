"""A plain request beside Node's own http server."""
import json

from harness.beside_node import beside_node
from harness.site import scratch


def http(options) -> str:
    body = scratch / "body.json"
    body.write_text(json.dumps({"text": "x" * 200}))
    return beside_node(
        options, "requests", module="http", script="http.mjs", unit="request", title="A plain request, 64 keep-alive connections", body=body, path="/",
        text=f"Both sides parse the request and answer the same {body.stat().st_size} bytes from memory.")
