"""The same plan search in the way of nameko's own documentation: its HTTP entrypoint, its RPC, one process each.

``python -m benchmarks.nameko_baseline worker quote`` answers over the bus with finished JSON, from the same contract
and catalogue that the suite serves; ``... worker web`` is the HTTP side. It does less than the gateway: no sign-in, no
token, no limits, no metrics. For ``make bench`` alone.
"""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: patches what is started as a worker

import json
import os
import signal
import sys
import threading
from typing import Any

from nameko.rpc import RpcProxy, rpc
from nameko.runners import ServiceRunner
from nameko.web.handlers import http
from suite.quote.v1 import quote_service_pb2 as pb
from werkzeug.wrappers import Request, Response

from chassis.kernel import Caller, CallerKind
from chassis.service import Runtime
from chassis.settings import load_markets, load_suite
from gateway.api.from_json import fill_message
from gateway.api.to_json import to_json
from services.quote.__main__ import SERVICE

PATH = "/plan-searches"
CALLER = Caller(CallerKind.SERVICE, "gateway")


class Web:
    """HTTP."""

    name = "bench_web"
    quote = RpcProxy("bench_quote")

    @http("POST", PATH)  # type: ignore[untyped-decorator]  # nameko has no types
    def search(self, request: Request) -> Response:
        answer = self.quote.search_plans(json.loads(request.get_data()))
        return Response(json.dumps(answer), mimetype="application/json")


class Quote:
    """RPC; the contract is built once, before the service runs."""

    name = "bench_quote"
    contract: Any = None

    @rpc  # type: ignore[untyped-decorator]  # nameko has no types
    def search_plans(self, body: dict[str, Any]) -> Any:
        request = pb.SearchPlansRequest()
        fill_message(request, body)
        return to_json(self.contract.search_plans(request, CALLER))


def main(side: str) -> None:
    load_markets()
    suite = load_suite()
    config = {"AMQP_URI": suite.amqp_url.get_secret_value(), "WEB_SERVER_ADDRESS": f"127.0.0.1:{os.environ['PORT']}"}
    if side == "quote":
        Quote.contract = SERVICE.build(Runtime("quote", suite)).contract
    runner = ServiceRunner(config)
    runner.add_service({"web": Web, "quote": Quote}[side])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    runner.start()
    stop.wait()
    runner.stop()


if __name__ == "__main__":
    main(sys.argv[2])
