"""Requests of API keys signed by an implementation of others (RFC 9421, RFC 9530)."""
import json
import secrets
import types

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

from foyer import OWNER

COMPONENTS = ("@method", "@authority", "@path", "@query")


class Secret(HTTPSignatureKeyResolver):
    def __init__(self, secret):
        self.secret = secret.encode()

    def resolve_private_key(self, key_id):
        return self.secret

    resolve_public_key = resolve_private_key


def signed(site, made, method, path, body=None, nonce=None):
    """Headers and bytes of a request."""
    data = b"" if body is None else json.dumps(body).encode()
    message = types.SimpleNamespace(method=method, url=f"{site.address}/api/v1{path}", headers={})
    components = COMPONENTS
    if body is not None:
        message.headers["Content-Type"] = "application/json"
        components += ("content-type",)
    HTTPMessageSigner(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Secret(made["signing_secret"])).sign(
        message, key_id=made["prefix"], covered_component_ids=components, nonce=nonce or secrets.token_urlsafe(12), include_alg=True,
        body=data or None)
    return message.headers, data or None


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_what_others_sign(site):
    token = site.login(OWNER["username"], OWNER["password"])
    made = site.call("POST", "/api-keys", {
        "name": "signing", "scopes": ["self.read", "self.write"], "requires_signature": True, "addresses": ["127.0.0.1"]}, token).expect(201).json
    send = lambda method, path, headers, data, key=None: site.call(method, path, data, key, headers)
    for key in (made["key"], None):
        for path in ("/users/me", "/users/me?", "/api-keys?limit=2&count=true"):
            send("GET", path, *signed(site, made, "GET", path), key).expect(200)
        send("PATCH", "/users/me", *signed(site, made, "PATCH", "/users/me", {"bio": "été, signed"}), key).expect(200)
    assert site.call("GET", "/users/me", token=made["key"]).expect(401).json["code"] == "signature_required"

    headers, data = signed(site, made, "PATCH", "/users/me", {"bio": "once"})
    send("PATCH", "/users/me", headers, data).expect(200)
    assert send("PATCH", "/users/me", headers, data).expect(401).json["code"] == "nonce_used"
    # The server killed in between forgets nothing.
    site.kill()
    site.start()
    assert send("PATCH", "/users/me", headers, data).expect(401).json["code"] == "nonce_used"
    headers, data = signed(site, made, "PATCH", "/users/me", {"bio": "changed"})
    assert send("PATCH", "/users/me", headers, data.replace(b"changed", b"Changed")).expect(401).json["part"] == "digest"
    assert send("PATCH", "/users/me?x=1", headers, data).expect(401).json["part"] == "signature"
    send("PATCH", "/users/me", headers, data).expect(200)
    made["signing_secret"] = "fs_" + "A" * 43
    assert send("GET", "/users/me", *signed(site, made, "GET", "/users/me")).expect(401).json["code"] == "signature_invalid"
