"""The question of R14: a new application, or one that was started before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from suite.enrollment.v1 import enrollment_service_pb2

from gateway.edge.context import get_gateway, require_session


@dataclass(frozen=True, slots=True)
class ApplicationChoice:
    """Record numbers of the applications that may be meant: ``incomplete`` can be resumed, newest first."""

    incomplete: Sequence[str]
    submitted: Sequence[str]


async def keep_application_choice(
    request: Request, quote_id: str, answer: enrollment_service_pb2.StartEnrollmentResponse
) -> None:
    """So that the question can be asked by a page of its own, which can be reloaded."""
    session = await require_session(request)
    newest = [answer.incomplete_record_number] if answer.incomplete_record_number else []
    others = [one.record_number for one in answer.duplicates if one.can_be_resumed]
    fields = {
        "incomplete": list(dict.fromkeys([*newest, *others])),
        "submitted": [one.record_number for one in answer.duplicates if not one.can_be_resumed and one.record_number],
    }
    await get_gateway(request).drafts.save(session.user, _form(quote_id), fields)


async def load_application_choice(request: Request, quote_id: str) -> ApplicationChoice | None:
    """None unless the address asks for it."""
    if "choose" not in request.query_params:
        return None
    session = await require_session(request)
    draft = await get_gateway(request).drafts.load(session.user, _form(quote_id))
    return ApplicationChoice(draft.fields["incomplete"], draft.fields["submitted"]) if draft else None


def _form(quote_id: str) -> str:
    return f"quote-enrollment/{quote_id}"
