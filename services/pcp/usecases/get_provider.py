"""Use case: look one provider up (R71)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import NotFound, Transactions
from services.pcp.domain.provider import Provider
from services.pcp.usecases.ports import PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class GetProvider:
    """For anybody who is signed in: the directory is public by law. Raises NotFound."""

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self, pcp_id: str) -> Provider:
        with self.transactions() as work:
            provider = work.providers.find_provider(pcp_id)
        if provider is None:
            raise NotFound("There is no provider with this ID. Look up the ID in Provider Finder.")
        return provider
