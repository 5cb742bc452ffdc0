"""The handlers of the review pages, and what they answer when a link does not work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import DomainError, Forbidden, InvalidInput, NotFound, Unavailable
from gateway.edge.problems import status_of
from gateway.pages.review import application, proof, signing
from gateway.pages.review.visit import ACCESS_ENDED, Visit

# How requests name the token of the address.
_LINK = ("token", "review.token")
Page = Callable[[Visit], Awaitable[Response]]


def _handle(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """In the client's language, whatever happens; nothing that a service said reaches the page as it is."""

    async def handled(request: Request) -> Response:
        visit = Visit(request)
        try:
            return await page(visit)
        except DomainError as refusal:
            return await _refuse(visit, page, refusal)

    return handled


async def _refuse(visit: Visit, page: Page, refusal: DomainError) -> Response:
    if isinstance(refusal, Forbidden) and refusal.code == ACCESS_ENDED:
        try:
            return await _ask_again(visit)
        except DomainError as other:
            refusal = other
    if isinstance(refusal, NotFound) or _is_about_link(refusal):
        return await visit.page("message.html", {"key": "closed"}, 404)
    if isinstance(refusal, Unavailable):
        return await visit.page("message.html", {"key": "unavailable"}, status_of(refusal))
    raise refusal


def _is_about_link(refusal: DomainError) -> bool:
    """Whether the address holds what no link can."""
    fields = {problem.field for problem in refusal.problems} if isinstance(refusal, InvalidInput) else set()
    return not fields.isdisjoint(_LINK)


async def _ask_again(visit: Visit) -> Response:
    """The question, with what was being written."""
    had_access, visit.access = bool(visit.access), ""
    link = await visit.find_link()
    fields = await visit.unprotected_form() if visit.request.method == "POST" else None
    note = visit.sentences.say("access_ended") if had_access or fields else ""
    return await proof.ask(visit, link, fields, note=note)


show = _handle(application.show)
prove = _handle(proof.prove)
choose_language_of_question = _handle(proof.choose_language)
mark = _handle(application.mark)
choose_language_of_remarks = _handle(application.choose_language)
give_back = _handle(application.give_back)
confirm = _handle(signing.confirm)
sign_form = _handle(signing.sign_form)
sign = _handle(signing.sign)
choose_language_of_signature = _handle(signing.choose_language)
withdraw = _handle(signing.withdraw)
