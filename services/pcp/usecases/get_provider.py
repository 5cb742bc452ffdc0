"""Use case: look one provider up (R71)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import NotFound, Transactions
from services.pcp.domain.provider import Office, Provider
from services.pcp.usecases.ports import PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    """``offices``: all of them; the provider stands at one."""

    provider: Provider
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class GetProvider:
    """For anybody who is signed in: the directory is public by law. Raises NotFound."""

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self, pcp_id: str) -> ProviderDetails:
        with self.transactions() as work:
            provider, offices = work.providers.find_provider(pcp_id), work.providers.list_offices(pcp_id)
        if provider is None:
            raise NotFound("There is no provider with this ID. Look up the ID in Provider Finder.")
        return ProviderDetails(provider, offices)
