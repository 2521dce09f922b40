"""Random streams of frames, valid and damaged, sent to our WebSockets and read by the `websockets` package: the same messages, the same end.

Where the two differ on purpose, DIFFERENCES says why, and every stream in which it matters is counted under that name; any other
difference fails. A failure prints the seed of its stream: `FOYER_TEST_SEED=<seed> pytest test_websocket_frames.py` runs that one alone.
"""
import collections
import contextlib
import os
import random
import socket
import struct
import subprocess
import time

import pytest
import websocket_peer as peer
from foyer import program
from websocket_peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Reading, frame

STREAMS = 1500  # or as many as fit into SECONDS, at least a third
SECONDS = 20
LIMIT = 4096  # bytes of a message

DIFFERENCES = {
    "shortest length": "RFC 6455, 5.2: a length must have its shortest form, and 64 bits begin with a zero (1002); websockets takes any form",
    "faults in order": "of two faults in one frame we tell the first; websockets looks at the size (1009) before bits, opcode and order (1002), "
    "and at a close's reason (1007) before its code (1002)",
    "header at once": "a fault is told when its byte is there; websockets waits for the rest of the frame",
    "close between fragments": "RFC 6455, 5.4: control frames may stand between fragments, a close among them; websockets answers 1002",
    "control frames beside a message": "a ping has room of its own; websockets counts it (1009) against what is left for the message around it",
    "whole messages": "what is compressed is expanded when the message is whole; websockets expands each fragment when it comes",
    "compressed at the limit": "the limit is on what was expanded, that size included; websockets refuses it, and more compressed bytes than the limit, "
    "and may miss that the last byte read stood for more",
    "cut deflate": "a message that ends inside a block is refused (1002); websockets takes what could be expanded, or finds it too big (1009)",
    "several deflate streams": "RFC 7692, 7.2.3.4: what follows a final block belongs to the message; websockets drops it",
}


# MARK: Streams


def payload(rng: random.Random, is_text: bool) -> bytes:
    size = rng.choice((0, 1, rng.randrange(300), 125, 126, 127, LIMIT - 1, LIMIT, LIMIT, LIMIT + 1) if rng.random() < 0.2 else (rng.randrange(300),))
    if not is_text:
        return rng.randbytes(size) if rng.random() < 0.5 else bytes([rng.randrange(4)]) * size
    alphabet = rng.choice(("ab", "aé€𝄞", "\x00\x7f\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"))
    text = "".join(rng.choices(alphabet, k=size)).encode()
    return text[:size].decode(errors="ignore").encode()


def message(rng: random.Random, compressed: bool) -> bytes:
    is_text = rng.random() < 0.6
    data = payload(rng, is_text)
    mark = compressed and rng.random() < 0.7
    if mark:
        data = peer.deflate(data, ends=rng.random() < 0.1)
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.choice((0, 0, 1, 2, 5))))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)])]
    stream = b""
    for number, piece in enumerate(pieces):
        opcode = CONTINUATION if number else TEXT if is_text else BINARY
        stream += frame(opcode, piece, rng.randbytes(4), final=number == len(pieces) - 1, mark=mark and number == 0)
        while rng.random() < 0.15:
            stream += frame(rng.choice((PING, PONG)), rng.randbytes(rng.choice((0, 5, 125))), rng.randbytes(4))
    return stream


def closing(rng: random.Random) -> bytes:
    code = struct.pack("!H", rng.choice((1000, 1001, 1003, 1011, 3000, 4999, rng.randrange(65536))))
    data = rng.choice((b"", code, code + "fin €".encode(), code[:1], code + b"\xe2\x82", code + b"x" * 123))
    return frame(CLOSE, data, rng.randbytes(4))


def damaged(rng: random.Random, stream: bytes) -> bytes:
    stream = bytearray(stream)
    headers = [header.start for header in peer.headers(bytes(stream))]
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.choice((rng.choice(headers) + rng.choice((0, 0, 1)), rng.randrange(len(stream)))) if headers else 0
        at = min(at, len(stream) - 1)
        kind = rng.randrange(6)
        if kind <= 2:
            stream[at] ^= 1 << rng.randrange(8)
        elif kind == 3:
            stream[at] = rng.randrange(256)
        elif kind == 4:
            stream[at:at] = rng.choice((bytes([rng.randrange(256)]), b"\x82\xfe\x00\x05", b"\x81\xff" + struct.pack("!Q", 1 << 63), b"\x89\xff"))
        else:
            del stream[at:]
        if not stream:
            break
    return bytes(stream)


def make(rng: random.Random, compressed: bool) -> bytes:
    stream = b"".join(message(rng, compressed) for _ in range(rng.randrange(1, 5)))
    if rng.random() < 0.5:
        stream += closing(rng)
    return damaged(rng, stream) if rng.random() < 0.7 else stream


# MARK: Ours


@pytest.fixture(scope="module")
def port():
    echo = subprocess.Popen(
        [program.parent / "EchoServer", "--limit", str(LIMIT), "--loops", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"LLVM_PROFILE_FILE": "/dev/null"})
    with echo:
        yield int(echo.stdout.readline())
        echo.stdin.close()


def ours(port: int, stream: bytes, rng: random.Random, compressed: bool, expected: Reading) -> Reading:
    """What comes back, until the server ends or has sent as much as is expected."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:  # what is awaited for so long does not come
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert peer.shake_hands(wire, "/compressed", "permessage-deflate" if compressed else None) == compressed
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for piece in split(rng, stream):
                wire.sendall(piece)
        got = Reading()
        inbox = peer.Inbox(wire)
        try:
            while expected.code is not None or len(got.messages) + len(got.pongs) < len(expected.messages) + len(expected.pongs):
                if not inbox.read_into(got, compressed):
                    return got
        except TimeoutError:
            return got  # less than expected came
        # Nothing more is to come: when we end, the server ends, without a close of its own.
        wire.shutdown(socket.SHUT_WR)
        while inbox.read_into(got, compressed):
            pass
        return got


def split(rng: random.Random, stream: bytes) -> list[bytes]:
    size = rng.choice((1, 7, 100, len(stream) or 1))
    if size == 1 and len(stream) > 300:
        size = 13
    return [stream[start : start + size] for start in range(0, len(stream), size)]


def test_random_streams_are_read_as_websockets_reads_them(port):
    chosen = os.environ.get("FOYER_TEST_SEED")
    first = int(chosen or random.SystemRandom().randrange(1 << 40))
    differences, ends = collections.Counter(), collections.Counter()
    begin = time.monotonic()
    for seed in range(first, first + (1 if chosen else STREAMS)):
        if seed - first >= STREAMS // 3 and time.monotonic() - begin > SECONDS:
            break
        rng = random.Random(seed)
        compressed = rng.random() < 0.5
        stream = make(rng, compressed)
        expected = peer.read(stream, LIMIT, compressed)
        got = ours(port, stream, rng, compressed, expected)
        is_same = got == expected  # no more than that is to be printed
        assert is_same, f"seed {seed}: expected {expected}, got {got}"
        assert set(expected.differences) <= DIFFERENCES.keys(), f"seed {seed}"
        differences.update(expected.differences)
        ends[expected.code] += 1
    print(f"seed {first}, {ends.total()} streams in {time.monotonic() - begin:.1f} s: ends {dict(ends)}, differences {dict(differences)}")
    if not chosen:
        assert {None, 1002, 1007, 1009} <= ends.keys()
