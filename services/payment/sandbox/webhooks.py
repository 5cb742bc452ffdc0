"""Sends signed callbacks, in the Standard Webhooks form, with a bounded number of tries."""

from __future__ import annotations

import asyncio
import json
import time
from uuid import uuid4

import httpx

from chassis import telemetry
from services.payment.remote.signature import signed_headers
from services.payment.sandbox.bank import Charge

# A real processor goes on for three days; here the payer's page is up again in seconds, or the sweep asks.
TRY_AFTER_SECONDS = (0, 1, 5, 25)
TIMEOUT_SECONDS = 15.0  # Standard Webhooks: receivers get 15 to 30 s


class WebhookSender:
    """One callback for each ended charge, under one id however often it is tried."""

    def __init__(self, secret: bytes, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._secret = secret
        self._url = url
        self._transport = transport

    async def send(self, charge: Charge) -> bool:
        """True when the receiver acknowledged it."""
        message_id = f"msg_{uuid4().hex}"
        body = json.dumps({"type": f"charge.{charge.status}", "data": charge.to_json()}).encode()
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, transport=self._transport, trust_env=False) as http:
            for attempt, pause in enumerate(TRY_AFTER_SECONDS, start=1):
                await asyncio.sleep(pause)
                if await self._try(http, message_id, body):
                    return True
                telemetry.get_logger().warning("webhook not acknowledged", attempt=attempt)
        return False

    async def _try(self, http: httpx.AsyncClient, message_id: str, body: bytes) -> bool:
        headers = signed_headers(self._secret, message_id, int(time.time()), body)
        try:
            response = await http.post(self._url, content=body, headers={**headers, "content-type": "application/json"})
        except httpx.HTTPError:
            return False
        return response.is_success
