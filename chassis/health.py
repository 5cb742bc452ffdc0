"""``/livez``, ``/readyz`` and ``/metrics`` of processes that serve no other HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.settings import SuiteSettings

Check = Callable[[], None]


def serve_health(
    host: str, port: int, checks: Mapping[str, Check], alive: Mapping[str, Check] = MappingProxyType({})
) -> ThreadingHTTPServer:
    """Serve in a thread; a check raises when its part is not ready, and its name is then in the answer.

    ``alive``: checks of ``/livez``, which fail when nothing but a new process helps.
    """
    asked = {"/livez": alive, "/readyz": checks}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._send(200, generate_latest(), CONTENT_TYPE_LATEST)
            elif self.path in asked:
                failing = failures(asked[self.path])
                body = json.dumps({"status": "failing" if failing else "ok", "failing": failing}).encode()
                self._send(503 if failing else 200, body, "application/json")
            else:
                self._send(404, b"", "text/plain")

        def _send(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Probes come every few seconds; they are not worth a line."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def serve_health_port(
    suite: SuiteSettings, checks: Mapping[str, Check], alive: Mapping[str, Check] = MappingProxyType({})
) -> None:
    """Serve health and metrics where the settings ask for it; a port that is taken ends the process."""
    if not suite.health_port:
        return
    try:
        serve_health(suite.rpc_host, suite.health_port, checks, alive)
    except OSError:
        raise SystemExit(f"HEALTH_PORT {suite.health_port} is in use. Give this process another port.") from None


def failures(checks: Mapping[str, Check]) -> list[str]:
    failing = []
    for name, check in checks.items():
        try:
            check()
        except Exception:  # whatever it is, the part is not ready
            failing.append(name)
    return failing
