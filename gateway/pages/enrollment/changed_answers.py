"""Answers that were changed elsewhere while a page showed other ones: said on the page itself (docs/adr/0026)."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.page_message import keep_once, take_once


async def keep_changed(request: Request, page: StepPage, application: Application, fields: Sequence[str]) -> None:
    await keep_once(request, _place(page, application), ",".join(fields))


async def take_changed(request: Request, page: StepPage, application: Application) -> list[str]:
    """The fields to speak of; their values are read from the application as it is now."""
    return [name for name in (await take_once(request, _place(page, application))).split(",") if name]


def _place(page: StepPage, application: Application) -> str:
    return f"changed-answers/{application.record_number}/{page.slug}"
