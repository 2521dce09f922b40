"""A cable between browser and server that can be pulled and put back."""
import selectors
import socket
import threading
import time


class Wire:
    """Forwards bytes from a port of its own to `port`, until `cut`; connections that are open then die without a word.

    A request whose head holds one of `refused` (in lower case) is dropped, as a proxy does that does not know it.
    """

    def __init__(self, port: int):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.is_whole = threading.Event()
        self.is_whole.set()
        self.is_over = False
        self.refused: set[bytes] = set()
        self.pairs: dict[socket.socket, socket.socket] = {}
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def cut(self) -> None:
        self.is_whole.clear()

    def mend(self) -> None:
        self.is_whole.set()

    def refuse(self, *words: bytes) -> None:
        """What is open is dropped too."""
        self.refused = set(words)
        self.cut()
        time.sleep(0.2)
        self.mend()

    def close(self) -> None:
        self.is_over = True
        self.thread.join()

    def run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.listener, selectors.EVENT_READ)
            while not self.is_over:
                if not self.is_whole.is_set():
                    for end in list(self.pairs):
                        self.drop(end, selector)
                for key, _ in selector.select(0.02):
                    if key.fileobj is self.listener:
                        self.accept(selector)
                    elif key.fileobj in self.pairs:
                        self.forward(key.fileobj, selector)
            for end in list(self.pairs):
                self.drop(end, selector)
            self.listener.close()

    def accept(self, selector) -> None:
        near, _ = self.listener.accept()
        if not self.is_whole.is_set():
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            near.close()
            return
        self.pairs |= {near: far, far: near}
        for end in (near, far):
            selector.register(end, selectors.EVENT_READ)

    def forward(self, end: socket.socket, selector) -> None:
        try:
            data = end.recv(1 << 16)
            if any(word in data.lower() for word in self.refused):
                data = b""
            self.pairs[end].sendall(data)
        except OSError:
            data = b""
        if not data:
            self.drop(end, selector)

    def drop(self, end: socket.socket, selector) -> None:
        if end not in self.pairs:
            return
        other = self.pairs.pop(end)
        self.pairs.pop(other, None)
        for each in (end, other):
            selector.unregister(each)
            each.close()
