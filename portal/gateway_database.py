"""What commands do on the gateway's database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from chassis.kernel import DomainError
from chassis.settings import load_markets, load_service
from gateway.settings import GatewaySettings
from gateway.store.database import GatewayDatabase
from portal.carrier_files import refuse, say

Result = TypeVar("Result")


def run_on_gateway(act: Callable[[GatewayDatabase], Awaitable[Result]]) -> Result:
    """With GATEWAY_DATABASE_URL; what is wrong is a sentence, and the exit code 2."""
    load_markets()
    url = load_service(GatewaySettings, "gateway").async_url

    async def run() -> Result:
        database = GatewayDatabase(url)
        try:
            return await act(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except DomainError as error:
        for problem in error.problems:
            say(f"{problem.field}: {problem.message}")
        raise refuse(error) from None
