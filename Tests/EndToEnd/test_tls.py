"""HTTPS in the server: certificates that change under open sockets, several names, the plain port beside it, and what a scanner says of it."""
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import time

import pytest
from websockets.sync.client import connect

from foyer import OWNER, Site, free_port


def issue(folder: pathlib.Path, name: str, names: str = "") -> tuple[pathlib.Path, pathlib.Path]:
    """A certificate in place of what was there, each file replaced in one step; of the authority `ca` of the folder when there are `names`."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    (folder / "empty.conf").write_text("[req]\ndistinguished_name = dn\n[dn]\n")
    extensions = (
        ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "extendedKeyUsage=serverAuth", f"subjectAltName={names}"]
        if names else ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"])
    subprocess.run(
        ["openssl", "req", "-x509", "-config", folder / "empty.conf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "90", "-subj", f"/CN={name}", "-keyout", f"{key}.new", "-out", f"{certificate}.new",
         *(["-CA", folder / "ca.pem", "-CAkey", folder / "ca.key"] if names else []),
         *(part for extension in extensions for part in ("-addext", extension))],
        check=True, capture_output=True)
    os.replace(f"{certificate}.new", certificate)
    os.replace(f"{key}.new", key)
    return certificate, key


class SecureSite(Site):
    """A site that speaks HTTPS for two names, with a plain port that sends browsers on."""

    def __init__(self, folder: pathlib.Path):
        issue(folder, "ca")
        certificate, key = issue(folder, "first", "DNS:foyer.test,IP:127.0.0.1")
        other, other_key = issue(folder, "other", "DNS:*.other.test")
        self.plain, self.tokens = free_port(), folder / "tokens"
        self.tokens.mkdir()
        super().__init__(
            folder, tls_cert=f"{certificate}, {other}", tls_key=f"{key}, {other_key}", public_url="https://foyer.test",
            redirect_listen=f"127.0.0.1:{self.plain}", acme_folder=str(self.tokens))
        self.address, self.trust = f"https://127.0.0.1:{self.port}", trusting()

    def shown(self, name: str = "foyer.test") -> bytes:
        """The certificate that somebody who asks for `name` is greeted with."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as plain, trusting().wrap_socket(plain, server_hostname=name) as secure:
            return secure.getpeercert(binary_form=True)

    def wait_for(self, certificate: pathlib.Path) -> None:
        wanted = ssl.PEM_cert_to_DER_cert(certificate.read_text())
        deadline = time.monotonic() + 30
        while self.shown() != wanted:
            assert time.monotonic() < deadline, self.log_text()
            time.sleep(0.1)

    def wait_for_log(self, text: str, count: int = 1) -> None:
        deadline = time.monotonic() + 30
        while self.log_text().count(text) < count:
            assert time.monotonic() < deadline, self.log_text()
            time.sleep(0.1)


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = SecureSite(tmp_path_factory.mktemp("tls"))
    site.start()
    yield site
    site.stop()


def ask(site: SecureSite, path: str, host: str, method: str = "GET") -> http.client.HTTPResponse:
    """One request to the plain port."""
    connection = http.client.HTTPConnection("127.0.0.1", site.plain, timeout=10)
    connection.request(method, path, headers={"Host": host})
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


def test_certificates_change_under_an_open_socket(site):
    certificate = site.folder / "first.pem"
    token = site.owner_token()
    with connect(f"wss://127.0.0.1:{site.port}/api/v1/gateway", ssl=trusting(), open_timeout=10) as gateway:
        gateway.send(json.dumps({"type": "hello", "token": token}))
        assert json.loads(gateway.recv(timeout=10))["type"] == "ready"

        def still_open():
            gateway.ping().wait(10)
            assert site.call("GET", "/users/me", token=token).status == 200

        before = site.shown()
        issue(site.folder, "first", "DNS:foyer.test,IP:127.0.0.1")
        site.process.send_signal(signal.SIGHUP)
        site.wait_for(certificate)
        assert site.shown() != before
        still_open()

        # Nobody says anything: the files are looked at.
        issue(site.folder, "first", "DNS:foyer.test,IP:127.0.0.1")
        site.wait_for(certificate)
        still_open()

        # What cannot be used is refused, said once, and what was served stays; so does a certificate without its key.
        good, shown = certificate.read_bytes(), site.shown()
        certificate.write_text("not a certificate")
        site.wait_for_log("cannot be read again")
        assert site.shown() == shown
        certificate.write_bytes((site.folder / "other.pem").read_bytes())
        site.wait_for_log("does not belong to")
        assert site.shown() == shown
        still_open()
        certificate.write_bytes(good)
        site.wait_for(certificate)
        still_open()


def test_each_name_has_its_certificate(site):
    first, other = (ssl.PEM_cert_to_DER_cert((site.folder / f"{name}.pem").read_text()) for name in ("first", "other"))
    assert site.shown("foyer.test") == first
    assert site.shown("chat.other.test") == other
    assert site.shown("unknown.test") == first


def test_the_site_is_for_https_alone(site):
    answer = site.call("GET", "/users/me", token=site.owner_token())
    assert int(answer.headers["Strict-Transport-Security"].split(";")[0].removeprefix("max-age=")) >= 31_536_000
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", "/")
    refused = connection.getresponse()
    assert refused.status == 400 and "this port speaks HTTPS" in refused.read().decode()
    connection.close()


def test_plain_http_is_sent_to_the_public_address_and_nowhere_else(site):
    for host in ("foyer.test", "FOYER.test:80", "chat.other.test"):
        answer = ask(site, "/members?page=2", host)
        assert (answer.status, answer.getheader("Location")) == (301, "https://foyer.test/members?page=2")
        assert answer.getheader("Strict-Transport-Security") is None
    assert ask(site, "/api/v1/users", "foyer.test", "POST").status == 308
    for host in ("evil.test", "foyer.test.evil.test", "foyer.test@evil.test", "a.b.other.test"):
        answer = ask(site, "/", host)
        assert answer.status in (400, 421) and answer.getheader("Location") is None
    assert ask(site, "//evil.test/", "foyer.test").getheader("Location") in (None, "https://foyer.test//evil.test/")
    assert ask(site, "http://evil.test/", "foyer.test").getheader("Location") in (None, "https://foyer.test/")


def test_tokens_of_a_certificate_authority_are_served(site):
    (site.tokens / "abc-DEF_123").write_text("abc-DEF_123.proof")
    (site.folder / "secret").write_text("secret")
    path = "/.well-known/acme-challenge/"
    answer = ask(site, path + "abc-DEF_123", "whatever.test")
    assert (answer.status, answer.text) == (200, "abc-DEF_123.proof")
    for token in ("absent", "..%2Fsecret", "../secret", "a/b", "", "%61bc-DEF_123", "."):
        answer = ask(site, path + token, "unknown.test")
        assert answer.status in (400, 404, 421) and "secret" not in answer.text


@pytest.mark.parametrize("settings,complaint", [
    ({"tls_cert": "a.pem"}, "go together"),
    ({"tls_cert": "a.pem,b.pem", "tls_key": "a.key"}, "go together"),
    ({"tls_cert": "/nowhere/a.pem", "tls_key": "/nowhere/a.key"}, "/nowhere/a.pem"),
    ({"redirect_listen": "127.0.0.1:0"}, "--public-url"),
    ({"redirect_listen": "127.0.0.1:0", "public_url": "http://foyer.test"}, "--public-url"),
    ({"redirect_listen": "nonsense", "public_url": "https://foyer.test"}, "--redirect-listen must be HOST:PORT"),
])
def test_settings_that_cannot_be_are_refused_at_the_start(tmp_path, settings, complaint):
    site = Site(tmp_path, **settings)
    result = site.run("serve", "--listen", "127.0.0.1:0")
    assert result.returncode in (1, 2) and complaint in result.stderr, result.stderr


def test_a_scanner_finds_nothing_beyond_mozilla_intermediate(site):
    result = subprocess.run(
        [sys.executable, "-m", "sslyze", "--mozilla_config", "intermediate", "--certinfo_ca_file", site.folder / "ca.pem", f"127.0.0.1:{site.port}"],
        capture_output=True, text=True, timeout=300)
    assert result.returncode == 0 and "OK - Compliant" in result.stdout, result.stdout + result.stderr
