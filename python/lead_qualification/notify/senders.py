"""How a message gets out: SMTP, a webhook, or a line of a file.

Addresses and secrets are environment variables; no message names them.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from lead_qualification.errors import ConfigurationError, LeadqError
from lead_qualification.notify.messages import Message
from lead_qualification.settings import required, setting
from lead_qualification.untrusted import plain

SMTP = "LEAD_NOTIFY_SMTP"
SENDER = "LEAD_NOTIFY_FROM"
CRM_URL = "LEAD_NOTIFY_CRM_URL"
LIST_PREFIX = "LEAD_NOTIFY_"
SECONDS = 30


class SendError(LeadqError):
    """A message could not be sent; a later run tries again."""


class Sender(Protocol):
    """A medium."""

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            SendError: It was not taken.
        """


def list_variable(how: str, name: str) -> str:
    """The environment variable that says where a list is told by a medium."""
    return f"{LIST_PREFIX}{how}_{name}".upper()


def sender(how: str, send_to: str) -> Sender:
    """Return the medium of a rule.

    Raises:
        ConfigurationError: A variable that it needs is not set or cannot be read.
    """
    if how == "email":
        return Mail(required(SMTP), required(SENDER))
    variable = list_variable(how, send_to)
    where = required(variable)
    if how == "file":
        return File(Path(where))
    if urlsplit(where).scheme not in ("http", "https"):
        raise ConfigurationError(f"{variable} is not a URL", "set it to that of the webhook")
    return Webhook(where, is_slack=how == "slack")


class Mail:
    """E-mail by SMTP; the connection is opened with the first message and then kept."""

    def __init__(self, address: str, sender: str) -> None:
        """Read the address: smtp://user:password@host:port, smtps:// for TLS from the start.

        Raises:
            ConfigurationError: It is not such an address.
        """
        found = urlsplit(address)
        if found.scheme not in ("smtp", "smtps") or not found.hostname:
            raise ConfigurationError(
                f"{SMTP} is not the address of a mail server",
                "use smtp://user:password@host:587, or smtps:// for TLS from the start",
            )
        self.found = found
        self.sender = sender
        self.server: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Send a message as text and HTML."""
        mail = EmailMessage()
        mail["Subject"] = plain(message.subject)
        mail["From"] = self.sender
        mail["To"] = message.receiver
        mail["Message-ID"] = f"<{message.id}@leadq.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text())
        mail.add_alternative(message.html(), subtype="html")
        try:
            if self.server is None:
                self.server = self._connected()
            self.server.send_message(mail)
        except (smtplib.SMTPException, OSError) as error:
            self.server = None
            code = getattr(error, "smtp_code", "")
            raise SendError(
                f"the mail server refused: {type(error).__name__} {code}".strip()
            ) from None

    def _connected(self) -> smtplib.SMTP:
        """A connection, encrypted if the server can, with the user logged in."""
        host, port = self.found.hostname or "", self.found.port
        if self.found.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port or 587, timeout=SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
        if self.found.username:
            server.login(unquote(self.found.username), unquote(self.found.password or ""))
        return server


class Webhook:
    """An address that takes JSON."""

    def __init__(self, address: str, *, is_slack: bool) -> None:
        """Use an address of http or https."""
        self.address = address
        self.is_slack = is_slack

    def send(self, message: Message) -> None:
        """Post a message."""
        content = {"text": message.slack()} if self.is_slack else message.record()
        request = Request(
            self.address,
            data=json.dumps(content).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": message.id},
        )
        try:
            with urlopen(request, timeout=SECONDS):
                pass
        except HTTPError as error:
            raise SendError(f"the webhook answered {error.code}") from None
        except (URLError, OSError):
            raise SendError("the webhook cannot be reached") from None


class File:
    """A file that gets a line of JSON per message."""

    def __init__(self, path: Path) -> None:
        """Use a file, which need not exist."""
        self.path = path
        self.known: set[str] | None = None

    def send(self, message: Message) -> None:
        """Append a message, unless a killed run already did."""
        try:
            if self.known is None:
                self.known = self._ids()
            if message.id not in self.known:
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(message.record()) + "\n")
                self.known.add(message.id)
        except OSError as error:
            raise SendError(f"{self.path} cannot be written: {error.strerror}") from None

    def _ids(self) -> set[str]:
        """The messages that the file has; a line that a kill cut off is ended and not one."""
        if not self.path.exists():
            return set()
        text = self.path.read_text(encoding="utf-8")
        if text and not text.endswith("\n"):
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n")
        found = set()
        for line in text.splitlines():
            try:
                found.add(json.loads(line)["id"])
            except (ValueError, KeyError, TypeError):
                continue
        return found


def crm_url() -> str | None:
    """Address of a lead in the CRM; {lead_id} stands for its id.

    Raises:
        ConfigurationError: It has no {lead_id}, or is not one of http or https.
    """
    found = setting(CRM_URL)
    if found is None:
        return None
    if "{lead_id}" not in found or not found.startswith(("https://", "http://")):
        raise ConfigurationError(
            f"{CRM_URL} is not the address of a lead",
            "use one such as https://crm.example/leads/{lead_id}",
        )
    return found
