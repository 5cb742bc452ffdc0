"""gRPC over mutual TLS: whoever has no certificate, or a wrong one, neither serves nor calls."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest

from chassis import telemetry
from chassis.identity import TokenIssuer, generate_private_jwk
from chassis.kernel import Forbidden, Unavailable
from chassis.rpc.client import RpcClient
from chassis.rpc.server import RpcServer
from chassis.rpc.tls import RpcTls, load_rpc_tls
from chassis.settings import SuiteSettings
from tests.access_rules import EverybodyMay
from tests.integration.chassis.certificates import FAULTS, HERE, Authority, CertificateFiles
from tests.integration.chassis.toy import messages
from tests.integration.chassis.toy.service import Notes, ToyContract

KEY = generate_private_jwk("gateway")
GATEWAY = ("gateway",)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def loaded(authority: Authority, files: CertificateFiles, ca: Path | None = None) -> RpcTls:
    settings = SuiteSettings(
        suite_env="test",
        rpc_tls_ca_file=ca or authority.ca,
        rpc_tls_certificate_file=files.certificate,
        rpc_tls_key_file=files.key,
    )
    found = load_rpc_tls(settings)
    assert found
    return found


@contextmanager
def serving(server_tls: RpcTls) -> Iterator[str]:
    """The address of a toy that serves."""
    contract = ToyContract(Notes(None, ""))  # type: ignore[arg-type]  # it is asked who calls, and stores nothing
    server = RpcServer([contract], EverybodyMay(KEY), reflection_on=False, tls=server_tls)
    try:
        yield f"127.0.0.1:{server.start('127.0.0.1:0')}"
    finally:
        server.stop()


def who_am_i(address: str, credentials: grpc.ChannelCredentials | None) -> str:
    async def call() -> str:
        client = RpcClient(address, credentials)
        try:
            method = messages.SERVICE.methods_by_name["WhoAmI"]
            answer = await client.call(method, messages.Nothing(), TokenIssuer(KEY).issue_for_self())
            return str(answer.subject)  # type: ignore[attr-defined]  # made at run time
        finally:
            await client.close()

    return asyncio.run(call())


def test_two_right_certificates_let_a_call_through(authority: Authority) -> None:
    server, client = loaded(authority, authority.issue()), loaded(authority, authority.issue(names=GATEWAY))
    with serving(server) as address:
        assert who_am_i(address, client.channel_credentials()) == "gateway"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_client_calls_no_server_whose_certificate_is_wrong(authority: Authority, fault: str) -> None:
    client = loaded(authority, authority.issue(names=GATEWAY))
    with serving(loaded(authority, authority.issue(fault))) as address:
        with pytest.raises(Unavailable):
            who_am_i(address, client.channel_credentials())
        assert speaks_unchecked(address, authority.issue(names=GATEWAY))  # the control


@pytest.mark.parametrize("fault", ["expired", "wrong CA"])
def test_a_server_lets_nobody_in_whose_certificate_is_wrong(
    authority: Authority, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = loaded(authority, authority.issue())
    wrong = authority.issue(fault, GATEWAY)
    client = RpcTls(authority.ca.read_bytes(), wrong.certificate.read_bytes(), wrong.key.read_bytes(), frozenset())
    with serving(server) as address, pytest.raises(Unavailable):
        who_am_i(address, client.channel_credentials())
    leave_clients_unchecked(monkeypatch)
    with serving(server) as address:  # the control
        assert who_am_i(address, client.channel_credentials()) == "gateway"


def test_a_server_lets_in_by_name_alone(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service has a certificate of the same CA, and yet calls no other over gRPC."""
    server, other = loaded(authority, authority.issue()), loaded(authority, authority.issue(names=("quote-worker",)))
    with serving(server) as address:
        with pytest.raises(Forbidden, match="certificate"):
            who_am_i(address, other.channel_credentials())
        monkeypatch.setattr(RpcTls, "lets_in", lambda *_: True)
        assert who_am_i(address, other.channel_credentials()) == "gateway"  # the control


def test_a_server_answers_neither_without_a_certificate_nor_without_tls(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = grpc.ssl_channel_credentials(authority.ca.read_bytes())
    with serving(loaded(authority, authority.issue())) as address:
        for credentials in (nobody, None):
            with pytest.raises(Unavailable):
                who_am_i(address, credentials)
    leave_clients_unchecked(monkeypatch)
    with serving(loaded(authority, authority.issue())) as address:  # the control
        assert who_am_i(address, nobody) == "gateway"


def test_a_server_asks_itself_whether_it_lives(authority: Authority) -> None:
    contract = ToyContract(Notes(None, ""))  # type: ignore[arg-type]  # nobody calls it
    files = authority.issue(names=("quote-rpc",))
    server = RpcServer([contract], EverybodyMay(KEY), reflection_on=False, tls=loaded(authority, files))
    server.start("127.0.0.1:0")
    server.check()
    server._server.stop(0).wait()
    with pytest.raises(grpc.RpcError):
        server.check()
    server.stop()


def test_a_certificate_says_when_it_expires(authority: Authority) -> None:
    files = authority.issue()
    expires_at = loaded(authority, files).expires_at.timestamp()
    assert telemetry.CERTIFICATE_EXPIRES._value.get() == expires_at


def leave_clients_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unchecked(self: RpcTls) -> grpc.ServerCredentials:
        return grpc.ssl_server_credentials([(self.key, self.certificate)])

    monkeypatch.setattr(RpcTls, "server_credentials", unchecked)
    monkeypatch.setattr(RpcTls, "lets_in", lambda *_: True)


def speaks_unchecked(address: str, files: CertificateFiles) -> bool:
    """Whether a client that checks nothing gets a connection over which HTTP/2 is spoken."""
    host, _, port = address.rpartition(":")
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    context.load_cert_chain(files.certificate, files.key)
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=HERE[1]) as encrypted,
    ):
        return encrypted.selected_alpn_protocol() == "h2" and bool(encrypted.recv(1))
