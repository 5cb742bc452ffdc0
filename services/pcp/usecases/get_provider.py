"""Use case: look one provider up (R71)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import NotFound, Transactions
from services.pcp.domain.provider import Office, Provider
from services.pcp.usecases.ports import PcpUnitOfWork, Providers


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    """``offices``: all of them; the provider stands at one. ``reported_on``: of the newest report that is open."""

    provider: Provider
    offices: tuple[Office, ...]
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class GetProvider:
    """For anybody who is signed in: the directory is public by law. Raises NotFound."""

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self, pcp_id: str) -> ProviderDetails:
        with self.transactions() as work:
            provider = must_find_provider(work.providers, pcp_id)
            reported = work.reports.find_open([provider])
            return ProviderDetails(provider, work.providers.list_offices(pcp_id), reported.get(pcp_id))


def must_find_provider(providers: Providers, pcp_id: str) -> Provider:
    """Raises NotFound."""
    provider = providers.find_provider(pcp_id)
    if provider is None:
        raise NotFound("There is no provider with this ID. Look up the ID in Provider Finder.")
    return provider
