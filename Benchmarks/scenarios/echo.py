"""WebSocket frames and back beside Node's `ws`."""
from harness.beside_node import beside_node


def echo(options) -> str:
    return beside_node(
        options, "echo", module="ws", script="ws.mjs", unit="message", title="A masked frame of 200 bytes and back, 64 WebSockets",
        text="Each socket has one text frame under way; it is unmasked, checked to be UTF-8 and sent back. On both sides the server does nothing else.")
