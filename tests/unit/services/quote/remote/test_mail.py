"""Ways out for email."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel import InvalidInput, Unavailable
from services.quote.remote.mail import FileMailer, NoMailer, SmtpMailer
from services.quote.usecases.ports import EmailMessage

MESSAGE = EmailMessage(
    "ada@example.com", "Your proposal", "See https://portal.example/shared/abc", "proposal.pdf", b"%PDF-1.7"
)
SENDER = "quotes@portal.example"


class SmtpServer(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP; ``refuses`` is an address that it does not take."""

    allow_reuse_address = True

    def __init__(self, refuses: str = "") -> None:
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.refuses = refuses
        self.received: list[bytes] = []


class SmtpSession(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self.say(b"220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say(b"354 go on")
                self.server.received.append(self.data())
                self.say(b"250 taken")
            elif verb == b"RCPT" and self.server.refuses and self.server.refuses.encode() in line:
                self.say(b"550 nobody of that name")
            elif verb == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 fine")

    def data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def url(server: SmtpServer) -> str:
    return f"smtp://127.0.0.1:{server.server_address[1]}"


def check(raw: bytes) -> None:
    message: Any = email.message_from_bytes(raw, policy=email.policy.default)
    assert (message["To"], message["From"], message["Subject"]) == ("ada@example.com", SENDER, "Your proposal")
    assert "https://portal.example/shared/abc" in message.get_body().get_content()
    [pdf] = message.iter_attachments()
    assert (pdf.get_content_type(), pdf.get_filename(), pdf.get_content()) == (
        "application/pdf",
        "proposal.pdf",
        b"%PDF-1.7",
    )


def test_a_mail_server_gets_the_message_with_its_pdf(server: SmtpServer) -> None:
    SmtpMailer(url(server), SENDER).send(MESSAGE)
    [raw] = server.received
    check(raw)


def test_an_address_that_the_mail_server_rejects_is_invalid_input_at_the_email(server: SmtpServer) -> None:
    server.refuses = "ada@example.com"
    with pytest.raises(InvalidInput) as refused:
        SmtpMailer(url(server), SENDER).send(MESSAGE)
    assert [problem.field for problem in refused.value.problems] == ["email"]
    assert "ada" not in str(refused.value)


def test_a_mail_server_that_cannot_be_reached_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        SmtpMailer("smtp://127.0.0.1:1", SENDER).send(MESSAGE)


def test_a_mail_folder_gets_whole_messages_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    FileMailer(folder, SENDER).send(MESSAGE)
    [path] = folder.iterdir()
    assert path.suffix == ".eml" and folder.stat().st_mode & 0o077 == 0
    check(path.read_bytes())


def test_without_a_mail_server_sending_is_unavailable_and_names_the_share_link() -> None:
    with pytest.raises(Unavailable, match="share link"):
        NoMailer().send(MESSAGE)


def test_the_repr_of_an_email_names_no_recipient() -> None:
    assert "ada" not in repr(MESSAGE) and "shared" not in repr(MESSAGE)
