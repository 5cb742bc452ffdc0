"""What enrollment says of an application to a caller who may see it."""

from __future__ import annotations

from chassis.kernel import Caller, NotFound
from services.documents.domain.proof import ApplicationSummary
from services.documents.usecases.not_found import application_not_found
from services.documents.usecases.ports import ApplicationSummaries


def get_visible_summary(summaries: ApplicationSummaries, caller: Caller, record_number: str) -> ApplicationSummary:
    """The same NotFound for what is not there, whatever enrollment calls it, and for somebody else's."""
    try:
        summary = summaries.get_summary(record_number)
    except NotFound:
        raise application_not_found() from None
    if not caller.may_see(summary.writing_number):
        raise application_not_found()
    return summary
