"""Remote: ways out for email. A message's address and text go to its receiver alone, and into no log."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage as MimeMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from chassis.kernel import InvalidInput, Unavailable, new_id
from services.quote.usecases.ports import EmailMessage

# The sender waits on the screen for it, and the call's own deadline is not much longer.
TIMEOUT_SECONDS = 8
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class NoMailer:
    """Where nothing is set up: says so instead of losing messages."""

    def must_be_ready(self) -> None:
        raise Unavailable("Sending email is not set up here. Please send the share link yourself.", code="no_mail")

    def send(self, message: EmailMessage) -> None:
        self.must_be_ready()


@dataclass(frozen=True, slots=True)
class FileMailer:
    """Writes each message as a file that mail programs open; for one machine."""

    folder: Path
    sender: str

    def must_be_ready(self) -> None:
        return None

    def send(self, message: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{new_id()}.eml"
        part = path.with_suffix(".part")
        part.write_bytes(to_mime(message, self.sender).as_bytes())
        part.rename(path)  # a watcher of the folder never reads half a message


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """``smtp://user:password@host:587`` (STARTTLS, except on this machine) or ``smtps://...:465``."""

    url: str
    sender: str

    def must_be_ready(self) -> None:
        return None

    def send(self, message: EmailMessage) -> None:
        try:
            with self._connect() as server:
                server.send_message(to_mime(message, self.sender))
        except smtplib.SMTPRecipientsRefused:
            raise InvalidInput.at("email", "The mail server rejected this address. Check it.") from None
        except (smtplib.SMTPException, OSError):
            raise Unavailable("The email could not be sent. Please try again in a minute.") from None

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, context = parts.hostname or "", ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
            if host not in _LOOPBACK:
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def to_mime(message: EmailMessage, sender: str) -> MimeMessage:
    found = MimeMessage(policy=SMTP)
    found["From"] = sender
    found["To"] = message.to
    found["Subject"] = message.subject
    found["Date"] = formatdate(usegmt=True)
    found["Message-ID"] = make_msgid(domain=sender.partition("@")[2] or None)
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(message.text)
    found.add_attachment(message.pdf, maintype="application", subtype="pdf", filename=message.file_name)
    return found
