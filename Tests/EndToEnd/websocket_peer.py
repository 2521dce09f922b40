"""Frames by hand, and how the `websockets` package reads a stream of them."""
import base64
import codecs
import dataclasses
import os
import socket
import struct
import zlib

from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
TAIL = b"\x00\x00\xff\xff"


def frame(opcode: int, data: bytes, mask: bytes, final: bool = True, mark: bool = False) -> bytes:
    """A client's frame; `mark` is the first reserved bit: the message is compressed."""
    first = opcode | 0x80 * final | 0x40 * mark
    size = len(data)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + mask + masked(data, mask)


def masked(data: bytes, mask: bytes) -> bytes:
    return bytes(byte ^ mask[index & 3] for index, byte in enumerate(data))


def deflate(data: bytes, ends: bool = False) -> bytes:
    """A message of permessage-deflate; with `ends` in a stream that ends, and the empty block behind it."""
    compressor = zlib.compressobj(wbits=-15)
    start = compressor.compress(data)
    return start + compressor.flush(zlib.Z_FINISH) + b"\x00" if ends else (start + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def inflate(data: bytes, limit: int) -> bytes | int:
    """What a compressed message holds, or the code of its fault."""
    if not data:
        return b""
    whole, rest, stream = b"", data, zlib.decompressobj(-15)
    try:
        while rest:
            whole += stream.decompress(rest, limit + 1 - len(whole))
            if len(whole) > limit:
                return 1009
            rest = stream.unconsumed_tail
            if stream.eof:
                rest = stream.unused_data
                if not rest:
                    return whole
                stream = zlib.decompressobj(-15)
        if stream.decompress(TAIL):
            return 1002  # it was read as part of a block
        # Only between two blocks does a last one end the stream, of whichever kind, and say what it holds.
        for last, said in ((b"\x01\x01\x00\xfe\xff!", b"!"), (b"\x03\x00", b""), (b"\x01" + TAIL, b"")):
            trial = stream.copy()
            if trial.decompress(last) != said or not trial.eof or trial.unused_data:
                return 1002
        return whole
    except zlib.error:
        return 1002


@dataclasses.dataclass
class Reading:
    """What a stream of frames said: messages (`str` or `bytes`), what was answered to pings, and the code of the end, if it came."""

    messages: list = dataclasses.field(default_factory=list)
    pongs: list = dataclasses.field(default_factory=list)
    code: int | None = None
    differences: list = dataclasses.field(default_factory=list, compare=False)

    def __repr__(self) -> str:
        said = ", ".join(f"{type(each).__name__} of {len(each)}" for each in self.messages)
        return f"[{said}], {len(self.pongs)} pongs, end {self.code}, differences {self.differences}"


@dataclasses.dataclass
class Header:
    start: int
    first: int
    second: int
    length: int = 0
    size: int = 2  # of the header itself
    is_shortest: bool = True

    @property
    def opcode(self) -> int:
        return self.first & 15

    @property
    def is_control(self) -> bool:
        return self.opcode >= 8


def header(stream: bytes, start: int) -> Header | None:
    """The header at `start`, up to its length; nil when it is cut before."""
    if len(stream) < start + 2:
        return None
    found = Header(start, *stream[start : start + 2])
    found.length = found.second & 127
    if found.length >= 126:
        width = 2 if found.length == 126 else 8
        digits = stream[start + 2 : start + 2 + width]
        if len(digits) < width:
            return None
        found.length = int.from_bytes(digits, "big")
        found.size += width
        found.is_shortest = (125 if width == 2 else 65535) < found.length < 1 << 63
    found.size += 4
    return found


def headers(stream: bytes) -> list[Header]:
    """Of all frames that begin in the stream, as far as lengths lead."""
    found, at = [], 0
    while (each := header(stream, at)) and len(found) < 1000:
        found.append(each)
        at += each.size + each.length
    return found


class Reference:
    """The package's protocol for one connection; what it does not check, or checks later, is told here by name."""

    def __init__(self, limit: int, compressed: bool):
        self.limit, self.compressed = limit, compressed
        self.protocol = self.fresh()
        self.reading = Reading()
        self.kind: int | None = None  # of the message whose fragments come
        self.gathered: bytes | None = None  # of a compressed message
        self.text = None
        self.fragments: list[bytes] = []

    def fresh(self) -> ServerProtocol:
        protocol = ServerProtocol(state=OPEN, max_size=self.limit)
        if self.compressed:
            protocol.extensions = [PerMessageDeflate(True, True, 15, 15)]
        return protocol

    def differs(self, name: str) -> None:
        self.reading.differences.append(name)

    def end(self, code: int) -> None:
        self.reading.code = code

    # A frame of which only a part is there.

    def look_ahead(self, rest: bytes) -> None:
        """What can be told already of the frame that the stream ends in."""
        if not rest:
            return
        first, second = rest[0], rest[1] if len(rest) > 1 else 0x80
        found = header(rest, 0)
        is_faulty = self.fault_of(first, second) or (len(rest) > 1 and first & 8 and second & 127 > 125)
        if is_faulty or (found and not found.is_shortest):
            self.differs("header at once")
            self.end(1002)
        elif found and self.is_too_long(found):
            self.end(1009)
        elif found and len(rest) > found.size - 4 + 4 and self.is_plain_text(found):
            if found.opcode != CONTINUATION:
                self.text = codecs.getincrementaldecoder("utf-8")()
            if not self.is_text_so_far(masked(rest[found.size :], rest[found.size - 4 : found.size])):
                self.differs("header at once")
                self.end(1007)

    def is_text_so_far(self, piece: bytes, is_final: bool = False) -> bool:
        try:
            self.text.decode(piece, final=is_final)
        except UnicodeDecodeError:
            return False
        # Python waits for the third byte before it refuses half of a surrogate pair.
        kept = self.text.getstate()[0]
        return not (kept[:1] == b"\xed" and kept[1:2] >= b"\xa0")

    def is_plain_text(self, found: Header) -> bool:
        if found.opcode == CONTINUATION:
            return self.kind == TEXT and self.gathered is None
        return found.opcode == TEXT and not found.first & 0x40

    def fault_of(self, first: int, second: int) -> bool:
        """What the package says of a frame with these two bytes, were it empty and not the last of its message."""
        trial = self.fresh()
        if self.kind is not None:
            trial.receive_data(frame(self.kind, b"", bytes(4), final=False, mark=self.gathered is not None))
        opcode = first & 15
        if opcode == CLOSE:
            first = first & 0xF0 | PING
        elif opcode < 8:
            first &= 0x7F
        trial.receive_data(bytes([first, second & 0x80]) + bytes(4 if second & 0x80 else 0))
        return trial.parser_exc is not None

    def is_too_long(self, found: Header) -> bool:
        if found.is_control:
            return False
        if self.gathered is not None or (self.compressed and found.first & 0x40):
            return len(self.gathered or b"") + found.length > self.limit + (self.limit >> 10) + 64
        return sum(map(len, self.fragments)) + found.length > self.limit

    # A whole frame.

    def take(self, found: Header, whole: bytes) -> None:
        header_fault = self.fault_of(found.first, found.second) or (found.is_control and found.second & 127 > 125)
        if not header_fault and not found.is_shortest:
            self.differs("shortest length")
            return self.end(1002)
        if header_fault:
            if self.feed(whole) != 1002:
                self.differs("faults in order")
            return self.end(1002)
        if self.is_too_long(found):
            return self.end(1009)
        if found.is_control:
            return self.take_control(found, whole)
        data = masked(whole[found.size :], whole[found.size - 4 : found.size])
        is_final = bool(found.first & 0x80)
        if found.opcode != CONTINUATION:
            self.kind = found.opcode
            self.gathered = b"" if found.first & 0x40 else None
            self.text = codecs.getincrementaldecoder("utf-8")()
            self.fragments = []
        if self.gathered is not None:
            self.gathered += data
            if is_final:
                self.take_compressed()
            elif self.is_broken_already():
                self.differs("whole messages")
        else:
            self.take_plain(whole, is_final)
        if is_final:
            self.kind = self.gathered = None
            self.fragments = []

    def take_control(self, found: Header, whole: bytes) -> None:
        if found.opcode == CLOSE and self.kind is not None and self.gathered is None:
            self.differs("close between fragments")
            judge = Reference(self.limit, False)
            judge.take(found, whole)
            return self.end(judge.reading.code)
        code = self.feed(whole)
        if code == 1009:
            self.differs("control frames beside a message")
            kept, self.fragments = b"".join(self.fragments), []
            self.protocol = self.fresh()
            code = self.feed(whole)
            self.feed(frame(self.kind, kept, bytes(4), final=False))
        if code == 1007:
            judge = Reference(self.limit, False)
            mask = whole[found.size - 4 : found.size]
            if judge.feed(frame(CLOSE, masked(whole[found.size : found.size + 2], mask), bytes(4))) == 1002:
                self.differs("faults in order")
                code = 1002
        if code is not None:
            self.end(code)

    def take_plain(self, whole: bytes, is_final: bool) -> None:
        code = self.feed(whole)
        if code is not None:
            return self.end(code)
        if self.kind == TEXT and not self.is_text_so_far(self.fragments[-1], is_final):
            return self.end(1007)
        if is_final:
            self.tell(b"".join(self.fragments))

    def take_compressed(self) -> None:
        expanded = inflate(self.gathered, self.limit)
        theirs = self.feed(frame(self.kind, self.gathered, bytes(4), mark=True))
        if theirs is None:
            theirs = self.fragments[-1]
        if theirs != expanded:
            self.differs(self.why(expanded, theirs))
        if isinstance(expanded, int):
            return self.end(expanded)
        if isinstance(theirs, int):
            self.protocol = self.fresh()
        self.tell(expanded)

    def is_broken_already(self) -> bool:
        """Whether fragments of a compressed message show that it will not do."""
        try:
            return len(zlib.decompressobj(-15).decompress(self.gathered, self.limit + 1)) > self.limit
        except zlib.error:
            return True

    def why(self, expanded: bytes | int, theirs: bytes | int) -> str:
        if theirs == 1009 and len(self.gathered) > self.limit:
            return "compressed at the limit"
        stream = zlib.decompressobj(-15)
        start = stream.decompress(self.gathered, self.limit)
        if len(start) == self.limit and 1009 in (expanded, theirs):
            return "compressed at the limit"
        if stream.eof and stream.unused_data:
            return "several deflate streams"
        if expanded == 1002 and not stream.eof and not self.is_broken_already():
            return "cut deflate"
        ours, others = (each if isinstance(each, int) else f"{len(each)} bytes" for each in (expanded, theirs))
        return f"{ours} instead of {others}, of {len(self.gathered)} bytes compressed"

    def tell(self, data: bytes) -> None:
        if self.kind == BINARY:
            self.reading.messages.append(data)
            return
        try:
            self.reading.messages.append(data.decode())
        except UnicodeDecodeError:
            self.end(1007)

    def feed(self, whole: bytes) -> int | None:
        """Lets the package read one frame: the code with which it ends, if it does."""
        self.protocol.receive_data(whole)
        for event in self.protocol.events_received():
            assert isinstance(event, Frame)
            if event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                self.fragments.append(bytes(event.data))
            elif event.opcode is Opcode.PING:
                self.reading.pongs.append(bytes(event.data))
        if self.protocol.parser_exc is not None or self.protocol.close_rcvd is not None:
            return self.protocol.close_sent.code if self.protocol.close_sent else 1005
        return None


def read(stream: bytes, limit: int, compressed: bool) -> Reading:
    reference = Reference(limit, compressed)
    at = 0
    while reference.reading.code is None:
        found = header(stream, at)
        if found is None or len(stream) < at + found.size + found.length:
            reference.look_ahead(stream[at:])
            break
        reference.take(found, stream[at : at + found.size + found.length])
        at += found.size + found.length
    return reference.reading


# MARK: The wire


def shake_hands(wire: socket.socket, path: str, extensions: str | None = None, headers: str = "") -> bool:
    """Opens a WebSocket; whether permessage-deflate is agreed."""
    key = base64.b64encode(os.urandom(16)).decode()
    offer = f"Sec-WebSocket-Extensions: {extensions}\r\n" if extensions else ""
    wire.sendall(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n{offer}{headers}\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = wire.recv(1)
        assert byte, f"the handshake ended: {head!r}"
        head += byte
    assert head.startswith(b"HTTP/1.1 101 "), head
    return b"\r\nSec-WebSocket-Extensions: permessage-deflate" in head


class Inbox:
    """The frames that a server sends."""

    def __init__(self, wire: socket.socket):
        self.wire, self.bytes = wire, b""

    def exactly(self, count: int) -> bytes | None:
        while len(self.bytes) < count:
            more = self.wire.recv(65536)
            if not more:
                assert not self.bytes, f"the stream ended inside a frame: {self.bytes!r}"
                return None
            self.bytes += more
        taken, self.bytes = self.bytes[:count], self.bytes[count:]
        return taken

    def frame(self) -> tuple[int, bytes] | None:
        """The first byte and the payload, or nil at the end of the stream."""
        head = self.exactly(2)
        if head is None:
            return None
        first, length = head
        assert length < 128, "a server's frame is not masked"
        if length >= 126:
            length = int.from_bytes(self.exactly(2 if length == 126 else 8), "big")
        return first, self.exactly(length) if length else b""

    def read_into(self, reading: Reading, compressed: bool) -> bool:
        found = self.frame()
        if found is None:
            return False
        first, data = found
        assert reading.code is None, "a frame came after the close"
        assert first & 0xB0 == 0x80, f"an odd first byte: {first:#x}"
        if first & 0x40:
            assert compressed and first & 15 == TEXT, "compressed without being asked"
            data = inflate(data, 1 << 20)
            assert isinstance(data, bytes), "what the server compressed does not expand"
        match first & 15:
            case 1: reading.messages.append(data.decode())
            case 2: reading.messages.append(data)
            case 10: reading.pongs.append(data)
            case 8: reading.code = int.from_bytes(data[:2], "big") if data else 1005
            case other: raise AssertionError(f"an odd opcode: {other}")
        return True
