// HTTP owns the two wire protocols as state machines without input or output: HTTP/1.1 requests (RFC 9112) read strictly, responses
// written, and WebSocket frames (RFC 6455) both ways. It refuses sockets, clocks and tasks: bytes in, events out, and any split of
// the input gives the same events. Nothing a peer sends can trap here.
