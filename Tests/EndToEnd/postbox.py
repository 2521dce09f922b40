"""A real SMTP server for the tests: aiosmtpd on a free port, with or without TLS and passwords, that keeps what it takes."""

import email
import email.policy
import pathlib
import re
import ssl
import subprocess
import time
import urllib.parse

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP

USER, PASSWORD = "relay@account", "p:w/ü"


class Postbox:
    """`with Postbox(tls="starttls", folder=…) as box:`; its `settings` make a site send there."""

    def __init__(self, tls: str | None = None, folder: pathlib.Path | None = None, port: int = 0):
        self.mails: list[email.message.EmailMessage] = []
        self.refusals: list[str] = []
        self.tls, self.port = tls, port
        self.certificate = folder / "smtp.pem" if folder else None
        self.context = None
        if tls:
            key = folder / "smtp.key"
            if not self.certificate.exists():
                subprocess.run(
                    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                     "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate], check=True, capture_output=True)
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(self.certificate, key)

    @property
    def settings(self) -> dict[str, str]:
        credentials = f"{urllib.parse.quote(USER, safe='')}:{urllib.parse.quote(PASSWORD, safe='')}@" if self.tls else ""
        url = f"{'smtps' if self.tls == 'implicit' else 'smtp'}://{credentials}127.0.0.1:{self.port}"
        settings = {"smtp_url": url, "mail_from": "Le Foyer <foyer@site.test>"}
        return settings | ({"smtp_ca": str(self.certificate)} if self.tls else {"smtp_tls": "none"})

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail.envelope = (envelope.mail_from, envelope.rcpt_tos, session.ssl is not None or self.tls == "implicit", session.authenticated)
        self.mails.append(mail)
        return "250 taken"

    def authenticate(self, server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == (USER, PASSWORD))

    def start(self) -> "Postbox":
        options = {"hostname": "127.0.0.1", "port": self.port}
        if self.tls:
            options |= {"authenticator": self.authenticate, "auth_required": True, "auth_require_tls": self.tls == "starttls"}
        if self.tls == "starttls":
            options |= {"tls_context": self.context, "require_starttls": True}
        if self.tls == "implicit":
            options |= {"ssl_context": self.context}
        self.controller = _Controller(self, **options)
        self.controller.start()
        self.port = self.controller.port
        return self

    def stop(self) -> None:
        self.controller.stop()

    def __enter__(self) -> "Postbox":
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    def wait(self, to: str, where=lambda mail: True, timeout: float = 30) -> email.message.EmailMessage:
        """The first mail to this address that was not asked for yet."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for index, mail in enumerate(self.mails):
                if mail.envelope[1] == [to] and where(mail):
                    return self.mails.pop(index)
            time.sleep(0.05)
        raise AssertionError(f"no mail to {to}; there were {[(mail['To'], mail['Subject']) for mail in self.mails]}")


class _Controller(Controller):
    """A controller that says which free port it took."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def link(mail: email.message.EmailMessage) -> str:
    """The link of a mail, the same in its text and in its HTML."""
    text = mail.get_body(("plain",)).get_content()
    found = re.search(r"https?://\S+", text).group()
    assert f'href="{found}"' in mail.get_body(("html",)).get_content()
    return found


def token(mail: email.message.EmailMessage) -> str:
    return link(mail).split("#token=")[1]
