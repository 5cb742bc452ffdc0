"""Settings of quote, beside those of every service (variables start with ``QUOTE_``)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from chassis.settings import ServiceSettings
from services.quote.domain.exchange import ExchangeLinks

# Where people buy on the exchange (R16). The shopping platform's own address is the carrier's to set; until then people
# are sent to the exchanges themselves.
EXCHANGE_URLS = {
    "ISP": "https://www.healthcare.gov",
    "SBE-IL": "https://getcovered.illinois.gov",
    "SBE-NM": "https://www.bewellnm.com",
}


class QuoteSettings(ServiceSettings):
    # QUOTE_EXCHANGE_URLS: JSON, by target or by target and state; replaces single addresses of the above.
    exchange_urls: dict[str, str] = Field(default_factory=dict)

    @property
    def exchange_links(self) -> ExchangeLinks:
        return ExchangeLinks({**EXCHANGE_URLS, **self.exchange_urls})


class ImportSettings(ServiceSettings):
    """For ``python -m services.quote import``: a folder with a filing in the CMS layouts, and its plan year."""

    import_folder: Path
    import_plan_year: int
