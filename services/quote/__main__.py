"""Composition of quote: ``python -m services.quote rpc|worker|relay|migrate|seed|import|catalogue|census``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

import sys
from collections.abc import Sequence
from pathlib import Path

from chassis import telemetry
from chassis.bus.worker_spec import Timer
from chassis.cli import main
from chassis.db import Database, PostgresTransactions
from chassis.service import Parts, Runtime, Service
from services.quote.catalogue.sources import FilingSource, geography_source, shipped_filings
from services.quote.contract import Outside, QuoteContract
from services.quote.domain.sharing import LinkSigner
from services.quote.events import PUBLISHES, translate
from services.quote.commands.import_filing import import_filing
from services.quote.commands.manage_catalogues import manage_catalogues
from services.quote.remote.mail import MailFolder, NoMail, SmtpMail
from services.quote.remote.proposals import DocumentsProposals
from services.quote.settings import QuoteSettings
from services.quote.store.catalogue import StoredCatalogue
from services.quote.store.work import UnitOfWork
from services.quote.store.shelf import shelves
from services.quote.store.tables import INFRASTRUCTURE
from services.quote.usecases.expire_quotes import ExpireQuotes
from services.quote.usecases.load_catalogues import GeographyReader, load_catalogues
from services.quote.usecases.ports import Mail
from services.quote.usecases.price_census import PriceCensus

# How soon a worker that nobody asks anything takes up an import.
REFRESH_SECONDS = 5.0
# Quotes expire at a turn of the year; a list counts them as expired before the timer has marked them.
EXPIRE_SECONDS = 60.0


def build(runtime: Runtime) -> Parts:
    transactions = PostgresTransactions(runtime.database, UnitOfWork, INFRASTRUCTURE, translate)
    settings = runtime.settings(QuoteSettings)
    outside = Outside(
        LinkSigner.from_secret(settings.identity_key.get_secret_value()),
        _mail(settings),
        DocumentsProposals(runtime.bus),
        settings.portal_url.rstrip("/"),
    )
    catalogues, clock = StoredCatalogue(runtime.database), runtime.clock
    contract = QuoteContract(catalogues, transactions, clock, settings.exchange_links, outside)
    expire = ExpireQuotes(transactions, clock)
    timers = [
        Timer("expire", EXPIRE_SECONDS, lambda: _ignore(expire())),
        Timer("catalogue", REFRESH_SECONDS, catalogues.refresh),
    ]
    return Parts(contract, timers=timers)


def _mail(settings: QuoteSettings) -> Mail:
    if url := settings.smtp_url.get_secret_value():
        return SmtpMail(url, settings.mail_from)
    return MailFolder(settings.mail_folder, settings.mail_from) if settings.mail_folder else NoMail()


def _ignore(_count: int) -> None:
    """A timer's work has no result; the use case counts for tests."""


def seed(runtime: Runtime) -> None:
    """Load geography and the catalogues that come with the service."""
    geography = geography_source()
    _load(runtime.database, geography, shipped_filings(geography))


def _load(database: Database, geography: GeographyReader, filings: Sequence[FilingSource]) -> None:
    for loaded in load_catalogues(lambda: shelves(database), geography, filings):
        outcome = "unchanged" if loaded.unchanged else "loaded"
        telemetry.logger().info("catalogue", step=loaded.name, outcome=outcome, count=loaded.plans)


def census(runtime: Runtime) -> None:
    """Price the households of a file; see services/quote/census."""
    from services.quote.census.command import run as run_census  # brings pyarrow, which nothing else needs

    run_census(lambda: PriceCensus(StoredCatalogue(runtime.database), runtime.clock), sys.argv[2:])


SERVICE = Service(
    name="quote",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    publishes=PUBLISHES,
    seed=seed,
    commands={"import": import_filing, "catalogue": manage_catalogues, "census": census},
)

if __name__ == "__main__":
    main([SERVICE])
