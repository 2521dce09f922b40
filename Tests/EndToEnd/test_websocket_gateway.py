"""The gateway as frames on the wire: what is compressed and what never is, and limits that count what was expanded."""
import json
import socket

import pytest
import websocket_peer as peer
from websocket_peer import CLOSE, PING, PONG, TEXT


class Wire:
    """A socket of the gateway, read frame by frame."""

    def __init__(self, site, token: str, extensions: str | None = "permessage-deflate; client_max_window_bits"):
        self.wire = socket.create_connection(("127.0.0.1", site.port), timeout=20)
        self.agreed = peer.shake_hands(self.wire, "/api/v1/gateway", extensions)
        self.inbox = peer.Inbox(self.wire)
        self.send(type="hello", token=token)

    def send(self, **body) -> None:
        self.wire.sendall(peer.frame(TEXT, json.dumps(body).encode(), b"mask"))

    def next(self, type: str, where=lambda body: True) -> tuple[dict, bool]:
        """The next frame of a type, and whether it came compressed."""
        while True:
            first, data = self.inbox.frame()
            if first & 15 == PING:
                self.wire.sendall(peer.frame(PONG, data, b"mask"))
                continue
            is_compressed = bool(first & 0x40)
            body = json.loads(peer.inflate(data, 1 << 20) if is_compressed else data)
            if body["type"] == type and where(body):
                return body, is_compressed

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wire.close()


def test_events_of_many_come_compressed_and_what_is_ones_own_does_not(site):
    owner = site.owner_token()
    alice = site.member(owner, "alice")
    with Wire(site, owner) as wire, Wire(site, owner, extensions=None) as plain:
        assert wire.agreed and not plain.agreed
        for each in (wire, plain):
            assert each.next("ready")[1] is False
            for topic in ("users", "roles", "audit"):
                each.send(type="subscribe", id=topic, topic=topic)
                assert each.next("subscribed")[1] is False
        token = site.login("alice", "passphrase of alice")
        site.call("PATCH", "/users/me", {"display_name": "Alice " * 5}, token).expect(200)
        for each, compresses in ((wire, True), (plain, False)):
            event, was_compressed = each.next("user.updated", lambda body: alice["id"] in json.dumps(body))
            assert was_compressed is compresses, event
            each.send(type="ping")
            assert each.next("pong")[1] is False
        site.call("POST", "/roles", {"name": "watcher", "priority": 3, "permissions": ["presence.read"]}, owner).expect(201)
        with Wire(site, token) as hers:
            hers.next("ready")
            site.call("POST", "/users/u_alice/roles", {"role_id": "role_watcher", "reason": "She looks after the door"}, owner).expect(200)
            # The same event is for many on `roles`, and hers alone on her own topic.
            assert hers.next("role.assigned")[1] is False
        for each, compresses in ((wire, True), (plain, False)):
            assert each.next("role.assigned")[1] is compresses
            assert each.next("audit.entry", lambda body: "role.assign" in json.dumps(body))[1] is False


def test_compression_can_be_turned_off(new_site):
    site = new_site(websocket_compression="false")
    with Wire(site, site.owner_token()) as wire:
        assert not wire.agreed
        assert wire.next("ready")[1] is False


@pytest.mark.parametrize(
    "data, mark, code",
    [
        (peer.deflate(b'{"type": "ping"}' + b" " * (1 << 20)), True, 1009),
        (b" " * (64 << 10) + b" ", False, 1009),
        (b"\xff\xff", True, 1002),
        (b'{"type": "\xff"}', False, 1007),
    ],
    ids=["a bomb", "more than 64 KiB", "no deflate", "no text"],
)
def test_the_gateway_says_what_was_broken(site, data, mark, code):
    with Wire(site, site.owner_token()) as wire:
        wire.next("ready")
        wire.wire.sendall(peer.frame(TEXT, data, b"mask", mark=mark))
        while (found := wire.inbox.frame()) and found[0] & 15 != CLOSE:
            pass
        assert found and int.from_bytes(found[1][:2], "big") == code
        assert wire.inbox.frame() is None
