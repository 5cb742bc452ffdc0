"""Command ``census``: price the households of a file; see services/quote/census."""

from __future__ import annotations

import sys

from chassis.service import Runtime
from services.quote.store.catalogue import CatalogueRepository
from services.quote.usecases.price_census import PriceCensus


def price_census(runtime: Runtime) -> None:
    from services.quote.census.command import run_command  # brings pyarrow, which nothing else needs

    run_command(lambda: PriceCensus(CatalogueRepository(runtime.database), runtime.clock), sys.argv[2:])
