"""Use case: one client, with the applications, deadlines and quotes of the person (R44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.kernel import Caller, NotFound
from services.enrollment.domain.enums import Status
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import Client
from services.enrollment.usecases.overview_ports import ListedApplication, OpenDeadline

# More than anybody has; the page shows all of them.
MOST_APPLICATIONS, MOST_QUOTES = 50, 20
_NEVER_SENT = (Status.INCOMPLETE, Status.SUBMITTING, Status.FAILED)


@dataclass(frozen=True, slots=True)
class ClientRecord:
    client: Client
    applications: Sequence[ListedApplication]
    deadlines: Sequence[OpenDeadline]
    quote_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class GetClient:
    service: ApplicationService

    def __call__(self, caller: Caller, client_id: str) -> ClientRecord:
        """Raises NotFound for a client of somebody else, as for one that does not exist."""
        with self.service.transactions() as work:
            client = work.clients.get(client_id)
            if client is None or not caller.may_see(client.profile.writing_number):
                raise NotFound("No client with this ID is available to you.")
            applications = work.book.applications_of_client(client_id, MOST_APPLICATIONS)
            deadlines = work.book.deadlines_of([one.record_number for one in applications])
            quotes = work.book.quotes_of_client(client_id, MOST_QUOTES)
        drafts = sum(one.status in _NEVER_SENT for one in applications)
        sent = sum(one.status not in (*_NEVER_SENT, Status.EXPIRED) for one in applications)
        counted = replace(client, quotes=len(quotes), drafts=drafts, submissions=sent)
        return ClientRecord(counted, applications, deadlines, quotes)
