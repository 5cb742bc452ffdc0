"""A person, a life event or a policy that was removed while a page of its own was open: said on the list (R29, R59)."""

from __future__ import annotations

from starlette.requests import Request

from chassis.kernel import NotFound
from gateway.pages.page_message import keep_once, take_once


class ItemNotFound(NotFound):
    """Its message is what the list's page says."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was removed from the application meanwhile, in another window or by someone else. "
            "No change was saved."
        )


async def keep_removal(request: Request, record_number: str, removed: ItemNotFound) -> None:
    await keep_once(request, _place(record_number), removed.message)


async def take_removal(request: Request, record_number: str) -> str:
    return await take_once(request, _place(record_number))


def _place(record_number: str) -> str:
    return f"removed-item/{record_number}"
