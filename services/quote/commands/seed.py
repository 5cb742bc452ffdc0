"""Command ``seed``: load geography and the catalogues that come with the service."""

from __future__ import annotations

from chassis import telemetry
from chassis.service import Runtime
from services.quote.catalogue.sources import geography_source, shipped_filings
from services.quote.domain.filing import FilingRefused
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.usecases.load_catalogues import load_catalogues


def seed(runtime: Runtime) -> None:
    """Safe to run at any time: what is loaded already stays as it is. Ends the process with a sentence when a market's
    own geography is wrong."""
    geography = geography_source()
    filings = shipped_filings(geography)
    try:
        for loaded in load_catalogues(lambda: open_catalogue_writer(runtime.database), geography, filings):
            outcome = "unchanged" if loaded.unchanged else "loaded"
            telemetry.get_logger().info("catalogue", step=loaded.name, outcome=outcome, count=loaded.plans)
    except FilingRefused as refused:
        raise SystemExit(f"The catalogues were not loaded. Correct these rows, then seed again:\n{refused}") from None
