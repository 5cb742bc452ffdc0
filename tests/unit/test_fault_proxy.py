"""Each fault of the proxy does to connections what it says."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fault_proxy import HOST, FaultProxy
from tests.network_faults import Bandwidth, BlackHole, HalfOpen, Latency, Reset, SlowClose, Stall

# What comes, comes in milliseconds; a busy machine may take longer.
PATIENCE = 20.0
# What does not come within it does not come.
SILENCE = 0.3


class Echo:
    """A server that sends back what it gets, and keeps its connections where tests can look at them."""

    def __init__(self) -> None:
        self._listener = socket.create_server((HOST, 0))
        self.address = self._listener.getsockname()
        self.connections: list[socket.socket] = []
        # Without an error or with it.
        self.ended: list[BaseException | None] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for one in (self._listener, *self.connections):
            with contextlib.suppress(OSError):  # it ended before
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                self.connections.append(connection)
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()
        except OSError:
            return  # closed

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(65536):
                    connection.sendall(data)
            except OSError as error:
                self.ended.append(error)
            else:
                self.ended.append(None)


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[FaultProxy]:
    with FaultProxy(lambda: echo.address) as made:
        yield made


@contextmanager
def connected(proxy: FaultProxy, seconds: float = PATIENCE) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, proxy.port), timeout=seconds) as client:
        yield client


def ask(client: socket.socket, words: bytes = b"hello") -> float:
    """Seconds until all of them are back."""
    started = time.monotonic()
    client.sendall(words)
    left = len(words)
    while left:
        read = client.recv(65536)
        assert read, "the connection ended"
        left -= len(read)
    return time.monotonic() - started


def hears_nothing(client: socket.socket) -> bool:
    client.settimeout(SILENCE)
    try:
        client.recv(1)
    except TimeoutError:
        return True
    finally:
        client.settimeout(PATIENCE)
    return False


def await_end(echo: Echo) -> BaseException | None:
    deadline = time.monotonic() + PATIENCE
    while not echo.ended:
        assert time.monotonic() < deadline, "the server did not hear of the end"
        time.sleep(0.01)
    return echo.ended[0]


def test_without_a_fault_all_bytes_arrive_and_ends_are_passed_on(proxy: FaultProxy, echo: Echo) -> None:
    with connected(proxy) as client:
        ask(client, b"x" * 1_000_000)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    assert await_end(echo) is None


def test_a_server_that_is_away_looks_so(proxy: FaultProxy, echo: Echo) -> None:
    echo.close()
    with pytest.raises(ConnectionResetError), connected(proxy) as client:
        client.recv(1)


def test_latency_keeps_every_answer_back_and_ends(proxy: FaultProxy) -> None:
    with connected(proxy) as client:
        with proxy.having(Latency(0.2, 0.1)):
            assert ask(client) >= 0.4  # there and back
        # one of some that was not kept back: on a loaded machine any of them may take as long by itself
        assert min(ask(client) for _ in range(20)) < 0.4


def test_jitter_is_by_chance_and_the_same_for_the_same_seed() -> None:
    fault = Latency(0.1, 0.5)
    first, again = ([fault.delay(1, chance) for _ in range(20)] for chance in (random.Random(3), random.Random(3)))
    assert first == again
    assert len(set(first)) == 20
    assert all(0.1 <= seconds <= 0.6 for seconds in first)


def test_bandwidth_takes_its_time_for_every_byte_and_ends_in_the_middle_of_an_answer(proxy: FaultProxy) -> None:
    with connected(proxy) as client:
        with proxy.having(Bandwidth(100_000)):
            assert ask(client, b"x" * 50_000) >= 0.5
        proxy.begin(Bandwidth(1_000))
        threading.Timer(0.2, proxy.end).start()
        assert ask(client, b"x" * 50_000) < PATIENCE


def test_reset_ends_connections_and_each_new_one_and_then_lets_them_through(proxy: FaultProxy, echo: Echo) -> None:
    with connected(proxy) as client:
        ask(client)
        with proxy.having(Reset()):
            with pytest.raises(ConnectionResetError):
                client.recv(1)
            assert isinstance(await_end(echo), ConnectionResetError)
            with pytest.raises(OSError), connected(proxy) as another:  # at the connect or behind it
                ask(another)
    with connected(proxy) as client:
        ask(client)


def test_a_black_hole_takes_everything_and_gives_it_back_when_it_is_over(proxy: FaultProxy, echo: Echo) -> None:
    with connected(proxy) as client:
        ask(client)
        with proxy.having(BlackHole()):
            client.sendall(b"hello")
            assert hears_nothing(client)
            with pytest.raises(TimeoutError):
                socket.create_connection((HOST, proxy.port), timeout=SILENCE)
        assert client.recv(5) == b"hello"
    with connected(proxy) as client:
        ask(client)


def test_in_a_black_hole_nothing_is_acknowledged(proxy: FaultProxy) -> None:
    """So that a bound on unacknowledged bytes is tried as it is."""
    with connected(proxy) as client:
        ask(client)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 500)
        with proxy.having(BlackHole()):
            client.sendall(b"hello")
            with pytest.raises(TimeoutError, match="Connection timed out"):
                client.recv(5)


def test_a_stalled_proxy_acknowledges_everything_and_passes_it_on_when_it_is_over(proxy: FaultProxy) -> None:
    with connected(proxy) as client:
        ask(client)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 100)
        with proxy.having(Stall()):
            client.sendall(b"hello")
            assert hears_nothing(client)
            with connected(proxy) as another:
                another.sendall(b"world")
                assert hears_nothing(another)
                proxy.end()
                assert another.recv(5) == b"world"
        assert client.recv(5) == b"hello"


def test_a_slow_close_is_heard_of_later_and_what_is_sent_meanwhile_is_lost(proxy: FaultProxy, echo: Echo) -> None:
    with connected(proxy) as client:
        ask(client)
        with proxy.having(SlowClose(1.0)):
            assert await_end(echo) is None
            client.sendall(b"hello")
            assert hears_nothing(client)
            with connected(proxy) as another:
                ask(another)
            assert end_of(client) in (b"", None)


def end_of(client: socket.socket) -> bytes | None:
    """What a connection ends with; None is a reset."""
    try:
        return client.recv(1)
    except ConnectionResetError:
        return None


def test_half_open_connections_tell_neither_end_and_never_come_back(proxy: FaultProxy, echo: Echo) -> None:
    with connected(proxy) as client:
        ask(client)
        with proxy.having(HalfOpen()):
            client.sendall(b"hello")
            assert hears_nothing(client)
            with connected(proxy) as another:
                ask(another)
        assert hears_nothing(client)
        assert echo.ended == [None], "the other connection alone has ended"


@pytest.mark.parametrize("probes", [True, False])
def test_a_half_open_connection_is_found_by_probes_and_by_nothing_else(proxy: FaultProxy, probes: bool) -> None:
    with connected(proxy, 3.5) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, probes)
        for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT):
            client.setsockopt(socket.IPPROTO_TCP, option, 1)
        ask(client)
        with proxy.having(HalfOpen()), pytest.raises(TimeoutError) as ended:
            client.recv(1)
    assert (ended.value.errno is not None) is probes, "the system's error has a number, Python's time-out has none"


def test_a_url_keeps_its_user_and_path(proxy: FaultProxy) -> None:
    assert proxy.url_of("amqp://one:two@other:5672/vhost") == f"amqp://one:two@{proxy.address}/vhost"
    assert proxy.url_of("http://other:80") == f"http://{proxy.address}"
