"""What the HTTP server itself decides: whose word about a visitor counts, where a message ends, which port shows what.

Over real connections to the server as ``python -m gateway serve`` sets it up; 127.0.0.0/8 is all this machine.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from chassis.identity import generate_private_jwk
from deploy.local.ports import free_port
from gateway.app import create_app
from gateway.edge.health import serve_monitoring
from gateway.edge.server import GatewayServer, server_config
from gateway.settings import SERVICES, WebSettings
from tests.integration.gateway.harness import GatewayHarness, make_gateway
from tests.integration.gateway.test_unread_stream import wait_until

PROXY, STRANGER = "127.0.0.2", "127.0.0.3"
LIMIT = 3
ADDRESSES = [f"{service}_rpc_address" for service in SERVICES]


@contextmanager
def serving(database_url: str, known: GatewayHarness, **settings: Any) -> Iterator[str]:
    web = WebSettings(suite_env="test", port=0, rate_limits=True, rate_limit_visitors=LIMIT, **settings)
    gateway = make_gateway(database_url, web, known.clock, generate_private_jwk("gateway"))
    app = create_app(gateway)
    serve_monitoring(app)
    server = GatewayServer(server_config(app, web), gateway.unread_streams)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: bool(server.started))
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=30)
    assert not thread.is_alive()


@pytest.fixture
def address(gateway_url: str, gateway_portal: GatewayHarness) -> Iterator[str]:
    with serving(gateway_url, gateway_portal, trusted_proxies=f"{PROXY},127.1.0.0/16") as served:
        yield served


def ask(address: str, peer: str, method: str = "GET", **headers: str) -> int:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=peer)) as client:
        return client.request(method, f"{address}/sign-in", headers=headers).status_code


def visits(address: str, peer: str) -> list[int]:
    """One more than an address has, each under another name."""
    return [ask(address, peer, **{"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(LIMIT + 1)]


def test_a_stranger_who_makes_up_addresses_is_counted_by_his_own(address: str) -> None:
    assert visits(address, STRANGER) == [200] * LIMIT + [429]


def test_a_proxy_that_is_named_says_who_visits(address: str) -> None:
    """The control of the test above: believed, the same headers count as so many visitors."""
    assert visits(address, PROXY) == [200] * (LIMIT + 1)
    assert visits(address, "127.1.0.9") == [200] * (LIMIT + 1)


def test_what_a_visitor_writes_before_the_proxys_own_word_is_passed_over(address: str) -> None:
    made_up = [ask(address, PROXY, **{"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.9"}) for n in range(LIMIT + 1)]
    assert made_up == [200] * LIMIT + [429]


def test_without_a_proxy_nobody_is_believed(gateway_url: str, gateway_portal: GatewayHarness) -> None:
    with serving(gateway_url, gateway_portal) as served:
        assert visits(served, PROXY) == [200] * LIMIT + [429]


@pytest.mark.parametrize(("peer", "answer"), [(STRANGER, 403), (PROXY, 422)])
def test_the_scheme_is_the_proxys_word_too(address: str, peer: str, answer: int) -> None:
    """A form of an https page is of the same origin only where the request came by https."""
    origin = address.replace("http:", "https:")
    assert ask(address, peer, "POST", **{"X-Forwarded-Proto": "https", "Origin": origin}) == answer


def answer_raw(address: str, *head: str, body: str = "") -> str:
    """The status line of a request whose every byte is given."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    lines = ["POST /api/v1/sessions HTTP/1.1", f"Host: {host}:{port}", "Content-Type: application/json", *head]
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(("\r\n".join([*lines, "Connection: close", "", ""]) + body).encode())
        return connection.makefile("rb").readline().decode().strip()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (("Content-Length: 2", "Transfer-Encoding: chunked"), "2\r\n{}\r\n0\r\n\r\n"),
        (("Content-Length: 2", "Content-Length: 3"), "{}"),
        (("Transfer-Encoding: chunked, identity",), "2\r\n{}\r\n0\r\n\r\n"),
        (("Content-Length: +2",), "{}"),
    ],
)
def test_a_message_with_two_ends_is_refused(address: str, head: tuple[str, ...], body: str) -> None:
    assert answer_raw(address, *head, body=body) == "HTTP/1.1 400 Bad Request"


@pytest.mark.parametrize(
    ("head", "body"), [("Content-Length: 2", "{}"), ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n")]
)
def test_a_message_with_one_end_is_read(address: str, head: str, body: str) -> None:
    """The control: the same body, and what is wrong with it is told by its fields."""
    assert answer_raw(address, head, body=body).startswith("HTTP/1.1 422 ")


def test_the_port_of_the_pages_has_no_metrics_and_says_a_word_to_probes(
    gateway_url: str, gateway_portal: GatewayHarness
) -> None:
    port = free_port()
    with serving(gateway_url, gateway_portal, health_port=port, **dict.fromkeys(ADDRESSES, "127.0.0.1:1")) as address:
        assert httpx.get(f"{address}/metrics").status_code == 404
        live, ready = httpx.get(f"{address}/livez"), httpx.get(f"{address}/readyz")
        assert (live.status_code, live.json()) == (200, {"status": "ok"})
        assert (ready.status_code, ready.json()) == (503, {"status": "failing"})
        # the control: the port of the monitoring has all of it
        monitoring = f"http://127.0.0.1:{port}"
        assert "suite_calls_total" in httpx.get(f"{monitoring}/metrics").text
        assert "suite_listener_connected 0.0" in httpx.get(f"{monitoring}/metrics").text
        ready = httpx.get(f"{monitoring}/readyz")
        assert (ready.status_code, ready.json()["failing"]) == (503, list(SERVICES))
        assert httpx.get(f"{monitoring}/livez").json() == {"status": "ok", "failing": []}


def test_the_monitoring_is_ready_when_database_and_services_are(
    gateway_url: str, gateway_portal: GatewayHarness
) -> None:
    port, settings = free_port(), gateway_portal.gateway.settings
    with serving(gateway_url, gateway_portal, health_port=port, **dict.fromkeys(ADDRESSES, settings.quote_rpc_address)):
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").json() == {"status": "ok", "failing": []}
