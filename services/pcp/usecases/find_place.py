"""Use case: find where a search for providers would start (R71)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Transactions
from services.pcp.domain.network import Place, PlanNetwork
from services.pcp.usecases.networks import locate_start
from services.pcp.usecases.ports import Cities, PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class FindPlace:
    """``place`` goes before the ZIP code. InvalidInput at the one that nobody knows."""

    transactions: Transactions[PcpUnitOfWork]
    cities: Cities

    def __call__(self, network: PlanNetwork, zip_code: str, place: str) -> Place:
        with self.transactions() as work:
            return locate_start(work.providers, self.cities, network, zip_code, place)
