"""What a save changed in the premium, said on the page that follows: the header alone would change silently (R67)."""

from __future__ import annotations

from starlette.requests import Request

from gateway.pages.enrollment.step import Application
from gateway.pages.page_message import keep_once, take_once


async def keep_premium_change(request: Request, saved: Application) -> None:
    if saved.HasField("premium_change"):
        await keep_once(request, _place(saved), saved.premium_change.message)


async def take_premium_change(request: Request, application: Application) -> str:
    return await take_once(request, _place(application))


def _place(application: Application) -> str:
    return f"premium-change/{application.record_number}"
