"""Page: the processor's signed webhooks."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chassis import telemetry
from chassis.kernel import Forbidden
from services.payment.domain.outcome_sender import PROCESSOR, OutcomeSender
from services.payment.remote.sandbox_processor import report_to_domain
from services.payment.remote.signature import BadSignature, verify_signature
from services.payment.usecases.ports import ChargeReport
from services.payment.usecases.process_webhook import ProcessWebhook
from services.payment.usecases.receive_webhook import ReceiveWebhook
from services.payment.web import read_body

# A webhook is some hundred bytes.
MAX_WEBHOOK_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class WebhookReceiver:
    """Verifies the raw bytes, stores, acknowledges, and only then processes (reliability.md "Signed callbacks")."""

    receive_webhook: ReceiveWebhook
    process_webhook: ProcessWebhook
    # Each sender's own; a carrier without one is refused like anybody who does not know it.
    secrets: Mapping[OutcomeSender, Sequence[bytes]]

    async def processor(self, request: Request) -> Response:
        return await self._take(request, PROCESSOR)

    async def carrier(self, request: Request) -> Response:
        issuer_id = request.path_params["issuer_id"]
        known = (sender for sender in self.secrets if sender.issuer_id == issuer_id)
        return await self._take(request, next(known, OutcomeSender(issuer_id)))

    async def _take(self, request: Request, sender: OutcomeSender) -> Response:
        body = await read_body(request, MAX_WEBHOOK_BYTES)
        try:
            signed = verify_signature(self.secrets.get(sender, ()), request.headers, body, time.time())
            webhook_id = sender.name_webhook(signed)
        except BadSignature as bad:
            telemetry.get_logger().warning("webhook refused", code=str(bad))
            return Response(status_code=401)
        try:
            report = _report(body)
        except (ValueError, KeyError, TypeError):
            telemetry.get_logger().error("webhook is signed and unreadable", message_id=webhook_id)
            return Response(status_code=422)
        try:
            is_new = await run_in_threadpool(self.receive_webhook, sender, webhook_id, report)
        except Forbidden:
            telemetry.get_logger().error("webhook about a payment that another takes", message_id=webhook_id)
            return Response(status_code=403)
        if not is_new:
            return Response(status_code=204)
        return Response(status_code=204, background=BackgroundTask(self._process, webhook_id))

    def _process(self, webhook_id: str) -> None:
        try:
            self.process_webhook(webhook_id)
        except Exception as error:
            # it is stored: the sweep of the worker tries again
            telemetry.get_logger().error("webhook waits for the sweep", message_id=webhook_id, exc_info=error)


def _report(body: bytes) -> ChargeReport:
    message = json.loads(body)
    return report_to_domain(message["data"])
