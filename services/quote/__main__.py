"""Composition of quote: ``python -m services.quote rpc|worker|migrate|seed|import|catalogue|census|rotate-keys``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from dataclasses import dataclass
from pathlib import Path

from chassis.bus.worker_spec import Timer
from chassis.cli import main
from chassis.kernel import Clock, Transactions
from chassis.service import ServiceParts, Runtime, Service
from services.quote.contract.service import QuoteContract, UseCases
from services.quote.domain.sharing import KEY_PURPOSE, ShareLink, ShareLinkSigner
from services.quote.events.outgoing import event_to_proto
from services.quote.remote.mail import FileMailer, NoMailer, SmtpMailer
from services.quote.remote.proposals import DocumentsProposals
from services.quote.settings import QuoteSettings
from services.quote.store.catalogue import CatalogueRepository
from services.quote.store.work import make_transactions
from services.quote.store.tables import INFRASTRUCTURE
from services.quote.usecases.expire_quotes import ExpireQuotes
from services.quote.usecases.ports import Catalogues, Mailer, ProposalPdfs, QuoteUnitOfWork
from services.quote.usecases.compare_plans import ComparePlans
from services.quote.usecases.copy_quote import CopyQuote
from services.quote.usecases.create_share_link import CreateShareLink
from services.quote.usecases.find_counties import FindCounties
from services.quote.usecases.find_plan import FindPlan
from services.quote.usecases.get_proposal import GetProposal
from services.quote.usecases.get_quote import GetQuote
from services.quote.usecases.get_quote_report import GetQuoteReport
from services.quote.usecases.list_quotes import ListQuotes
from services.quote.usecases.list_share_links import ListShareLinks
from services.quote.usecases.open_shared_quote import OpenSharedQuote
from services.quote.usecases.price_census import PriceCensus
from services.quote.usecases.price_selection import PriceSelection
from services.quote.usecases.revoke_share_link import RevokeShareLink
from services.quote.usecases.search_plans import SearchPlans
from services.quote.usecases.create_quote import CreateQuote
from services.quote.usecases.deliver_quote import DeliverQuote
from services.quote.usecases.requote import Requote
from services.quote.usecases.select_plans import SelectPlans
from services.quote.usecases.archive_quote import ArchiveQuote
from services.quote.usecases.restore_quote import RestoreQuote
from services.quote.usecases.update_quote import UpdateQuote
from services.quote.usecases.check_rating_request import CheckRatingRequest

# How long searches are answered without asking whether something was imported, which cost a third of their time. An
# import takes longer than a quarter of a second, and nobody waits for it at a screen.
LOOK_SECONDS = 0.25
# How soon a worker that nobody asks anything takes up an import.
REFRESH_SECONDS = 5.0
# Quotes expire at a turn of the year; a list counts them as expired before the timer has marked them.
EXPIRE_SECONDS = 60.0


def build(runtime: Runtime) -> ServiceParts:
    settings = runtime.settings(QuoteSettings)
    transactions = make_transactions(runtime.database, settings.birth_dates, event_to_proto)
    catalogues, clock = CatalogueRepository(runtime.database, LOOK_SECONDS), runtime.clock
    sharing = Sharing(
        ShareLinkSigner(runtime.derive_key(KEY_PURPOSE)),
        settings.portal_url,
        _choose_mailer(settings),
        DocumentsProposals(runtime.bus),
    )
    use_cases = build_use_cases(catalogues, transactions, clock, sharing)
    expire = ExpireQuotes(transactions, clock)
    timers = [
        Timer("expire", EXPIRE_SECONDS, lambda: _ignore(expire())),
        Timer("catalogue", REFRESH_SECONDS, catalogues.refresh),
    ]
    return ServiceParts(
        QuoteContract(use_cases, settings.exchange_links, sharing.make_url, runtime.page_tokens), timers=timers
    )


@dataclass(frozen=True, slots=True)
class Sharing:
    """What it takes to share and send a quote. ``portal_url``: where people open share links."""

    signer: ShareLinkSigner
    portal_url: str
    mailer: Mailer
    proposals: ProposalPdfs

    def make_url(self, link: ShareLink) -> str:
        return self.signer.make_url(self.portal_url, link)


def build_use_cases(
    catalogues: Catalogues, transactions: Transactions[QuoteUnitOfWork], clock: Clock, sharing: Sharing
) -> UseCases:
    return UseCases(
        find_counties=FindCounties(catalogues, clock),
        find_plan=FindPlan(catalogues),
        search_plans=SearchPlans(catalogues, clock),
        compare_plans=ComparePlans(catalogues, clock),
        price_selection=PriceSelection(catalogues, clock),
        check_rating_request=CheckRatingRequest(catalogues, clock),
        price_census=PriceCensus(catalogues, clock),
        create_quote=CreateQuote(catalogues, transactions, clock),
        get_quote=GetQuote(catalogues, transactions, clock),
        list_quotes=ListQuotes(catalogues, transactions, clock),
        get_quote_report=GetQuoteReport(transactions),
        select_plans=SelectPlans(catalogues, transactions, clock),
        update_quote=UpdateQuote(catalogues, transactions, clock),
        archive_quote=ArchiveQuote(catalogues, transactions, clock),
        restore_quote=RestoreQuote(catalogues, transactions, clock),
        copy_quote=CopyQuote(catalogues, transactions, clock),
        requote=Requote(catalogues, transactions, clock),
        create_share_link=CreateShareLink(transactions, clock),
        list_share_links=ListShareLinks(transactions),
        revoke_share_link=RevokeShareLink(transactions, clock),
        open_shared_quote=OpenSharedQuote(catalogues, transactions, sharing.signer, clock),
        get_proposal=GetProposal(catalogues, transactions, clock),
        deliver_quote=DeliverQuote(transactions, sharing.proposals, sharing.mailer, sharing.make_url, clock),
    )


def _choose_mailer(settings: QuoteSettings) -> Mailer:
    if url := settings.smtp_url.get_secret_value():
        return SmtpMailer(url, settings.mail_from)
    return FileMailer(settings.mail_folder, settings.mail_from) if settings.mail_folder else NoMailer()


def _ignore(_count: int) -> None:
    """A timer's work has no result; the use case counts for tests."""


# Commands are imported when they are run: they bring typer and rich, which no serving process needs.


def import_filing(runtime: Runtime) -> None:
    from services.quote.commands.import_filing import import_filing as run

    run(runtime)


def manage_catalogues(runtime: Runtime) -> None:
    from services.quote.commands.manage_catalogues import manage_catalogues as run

    run(runtime)


def price_census(runtime: Runtime) -> None:
    from services.quote.commands.price_census import price_census as run

    run(runtime)


def rotate_keys(runtime: Runtime) -> None:
    from services.quote.commands.rotate_keys import rotate_keys as run

    run(runtime)


def seed(runtime: Runtime) -> None:
    from services.quote.commands.seed import seed as run

    run(runtime)


SERVICE = Service(
    name="quote",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    seed=seed,
    commands={
        "import": import_filing,
        "catalogue": manage_catalogues,
        "census": price_census,
        "rotate-keys": rotate_keys,
    },
)

if __name__ == "__main__":
    main([SERVICE])
