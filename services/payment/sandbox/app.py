"""The sandbox processor's HTTP face: tokens, charges, and ``/livez`` ``/readyz``."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.payment.sandbox.bank import Charge, ChargeOutcome, outcome_of, token_for
from services.payment.sandbox.webhooks import WebhookSender
from services.payment.web import BodyTooLarge, read_body

# No request of this interface is longer than some hundred bytes.
MAX_BODY_BYTES = 8 * 1024


class Sandbox:
    """Charges in memory, and the tasks that end them."""

    def __init__(self, sender: WebhookSender) -> None:
        self._sender = sender
        self._charges: dict[str, Charge] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def tokenize(self, request: Request) -> Response:
        body = await _json(request)
        kind = body.get("kind")
        number = body.get("number" if kind == "card" else "account_number")
        if kind not in ("card", "bank") or not (isinstance(number, str) and number.isdigit()):
            return _refusal(422, "unusable_number")
        return JSONResponse({"token": token_for(kind, number), "last_four": number[-4:]}, 201)

    async def charge(self, request: Request) -> Response:
        body = await _json(request)
        try:
            charge = Charge(str(body["id"]), str(body["token"]), int(body["amount_cents"]), str(body["currency"]))
        except (KeyError, TypeError, ValueError):
            return _refusal(422, "unusable_charge")
        outcome = outcome_of(charge.token)
        if outcome is None or charge.amount_cents <= 0:
            return _refusal(422, "unusable_charge")
        known = self._charges.setdefault(charge.id, charge)
        if (known.token, known.amount_cents, known.currency) != (charge.token, charge.amount_cents, charge.currency):
            return _refusal(409, "id_used_for_another_charge")
        if known is charge:
            self._start(charge, outcome)
            await asyncio.sleep(outcome.answer_seconds)
        return JSONResponse(known.to_json(), 202)

    async def report(self, request: Request) -> Response:
        charge = self._charges.get(request.path_params["id"])
        return JSONResponse(charge.to_json()) if charge else _refusal(404, "unknown_charge")

    def _start(self, charge: Charge, outcome: ChargeOutcome) -> None:
        task = asyncio.create_task(self._end(charge, outcome))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self, charge: Charge, outcome: ChargeOutcome) -> None:
        await asyncio.sleep(outcome.seconds)
        ended = self._charges[charge.id] = charge.ended(outcome)
        for _ in range(outcome.callbacks):
            await self._sender.send(ended)


def build_app(sender: WebhookSender) -> Starlette:
    sandbox = Sandbox(sender)
    routes = [
        Route("/v1/tokens", sandbox.tokenize, methods=["POST"]),
        Route("/v1/charges", sandbox.charge, methods=["POST"]),
        Route("/v1/charges/{id}", sandbox.report),
        Route("/livez", _ok),
        Route("/readyz", _ok),
    ]
    return Starlette(routes=routes, exception_handlers={BodyTooLarge: _too_large, ValueError: _unreadable})


async def _json(request: Request) -> dict[str, Any]:
    body = json.loads(await read_body(request, MAX_BODY_BYTES))
    if not isinstance(body, dict):
        raise ValueError("not an object")
    return body


async def _ok(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _too_large(_request: Request, _error: Exception) -> Response:
    return _refusal(413, "too_large")


async def _unreadable(_request: Request, _error: Exception) -> Response:
    return _refusal(400, "unreadable")


def _refusal(status: int, code: str) -> Response:
    return JSONResponse({"error": code}, status)
