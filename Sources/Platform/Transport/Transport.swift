// Transport owns threads that wait for sockets: libuv loops that are Swift executors too, the listening sockets, and for each connection
// the bytes still to be written. It speaks HTTP and WebSocket through the state machines of the target HTTP, and hands whole requests and
// messages to those above. It refuses routing, sessions and blocking work: whoever blocks a loop blocks all its sockets.
//
// What is called loop-confined here belongs to one loop's thread: every method must be called on it, and checks that it is.
