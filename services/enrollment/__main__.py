"""Composition of enrollment: ``python -m services.enrollment rpc|worker|relay|migrate|seed|whatif|reindex``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from chassis import telemetry
from chassis.bus.worker_spec import Timer
from chassis.kernel import Clock, business_date, get_markets
from chassis.cli import main
from chassis.service import Parts, Runtime, Service
from chassis.settings import ServiceSettings
from services.enrollment.contract.clients import ClientUseCases
from services.enrollment.contract.page_tokens import PageTokens
from services.enrollment.contract.service import EnrollmentContract, UseCases
from services.enrollment.domain.open_enrollment_review import find_stale_windows
from services.enrollment.events.incoming import HEARS, subscriptions
from services.enrollment.events.outgoing import PUBLISHES, translate
from services.enrollment.remote.payments import RemotePayments
from services.enrollment.remote.providers import RemoteProviders
from services.enrollment.remote.quotes import RemoteQuotes
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.drafts import DraftRepository
from services.enrollment.store.place_loader import load_places
from services.enrollment.store.places import LocalAddresses
from services.enrollment.store.reindex import reindex
from services.enrollment.store.tables import INFRASTRUCTURE
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import transactions
from services.enrollment.usecases.cancel_application import CancelApplication
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.effective_date import ListEffectiveDates, SetEffectiveDate
from services.enrollment.usecases.on_document_rendered import OnDocumentRendered
from services.enrollment.usecases.on_payment_changed import OnPaymentChanged
from services.enrollment.usecases.on_proof_added import OnProofAdded
from services.enrollment.usecases.on_quote_created import OnQuoteCreated
from services.enrollment.usecases.housekeeping import Housekeeping
from services.enrollment.usecases.ports import AddressSearch
from services.enrollment.usecases.overview import Overview
from services.enrollment.usecases.read_rules import ReadRules
from services.enrollment.usecases.reading import Reading
from services.enrollment.usecases.repricing import Repricing
from services.enrollment.usecases.run_submission import RunSubmission
from services.enrollment.usecases.save_step import SaveStep
from services.enrollment.usecases.start_application import StartApplication
from services.enrollment.usecases.start_enrollment import StartEnrollment
from services.enrollment.usecases.submit_application import SubmitApplication
from services.enrollment.usecases.what_if import WhatIf

# Four looks in the minute after which a submission counts as stuck.
ASK_AGAIN_SECONDS = 15.0
# Expiry is a matter of days; the look for it is one small indexed query.
EXPIRE_SECONDS = 60.0


# A real address service is one more entry, with its adapter in ``remote`` and its name in the setting.
ADDRESS_SEARCHES: dict[str, Callable[[ApplicationService], AddressSearch]] = {
    "local": lambda service: LocalAddresses(service.transactions)
}


class EnrollmentSettings(ServiceSettings):
    """Keys in base64, 32 random bytes each: one seals social security numbers, the other indexes them."""

    field_key: SecretStr
    index_key: SecretStr
    # Which of ADDRESS_SEARCHES answers while an address is typed.
    address_search: Literal["local"] = "local"
    # The operator's rules, laid over the shipped ones (docs/how-to/change-the-rules.md).
    rules_folder: Path | None = None


def build(runtime: Runtime) -> Parts:
    settings = runtime.settings(EnrollmentSettings)
    rulebook = Rulebook(laid_over=settings.rules_folder).loaded()
    warn_of_stale_rules(rulebook, runtime.clock)
    service = ApplicationService(
        transactions(runtime.database, _encryption(settings), translate),
        runtime.clock,
        rulebook,
        _help(get_markets().help_line),
    )
    quotes = RemoteQuotes(runtime.bus)
    page_tokens = PageTokens.with_key(settings.field_key.get_secret_value())
    run_submission = RunSubmission(service, quotes, RemoteProviders(runtime.bus), RemotePayments(runtime.bus))
    housekeeping = Housekeeping(service)
    clients = ClientUseCases.at(service, ADDRESS_SEARCHES[settings.address_search](service))
    return Parts(
        EnrollmentContract(_use_cases(service, quotes, page_tokens, clients)),
        subscriptions(
            run_submission,
            OnPaymentChanged(service),
            OnQuoteCreated(service, quotes),
            OnProofAdded(service),
            OnDocumentRendered(service),
        ),
        [
            Timer("ask_again", ASK_AGAIN_SECONDS, lambda: _ignore(housekeeping.ask_again())),
            Timer("expire", EXPIRE_SECONDS, lambda: _ignore(housekeeping.expire())),
        ],
    )


def warn_of_stale_rules(rulebook: Rulebook, clock: Clock) -> None:
    """Once at start, in the log; `portal rules` says the same."""
    windows = rulebook.packs[-1].open_enrollment
    for state in get_markets().states:
        for sentence in find_stale_windows(windows, [state], business_date(clock.now(), state)):
            telemetry.logger().warning("open enrollment table is not current", reason=sentence)


def _encryption(settings: EnrollmentSettings) -> SsnEncryption:
    return SsnEncryption.with_keys(settings.field_key.get_secret_value(), settings.index_key.get_secret_value())


def _help(number: str) -> str:
    return f"If it keeps failing, call the help line at {number}." if number else ""


def _use_cases(
    service: ApplicationService, quotes: RemoteQuotes, page_tokens: PageTokens, clients: ClientUseCases
) -> UseCases:
    repricing = Repricing(quotes)
    return UseCases(
        overview=Overview(service),
        page_tokens=page_tokens,
        start_application=StartApplication(service),
        start_enrollment=StartEnrollment(service, quotes),
        reading=Reading(service),
        save_step=SaveStep(service, repricing),
        list_effective_dates=ListEffectiveDates(service, quotes),
        set_effective_date=SetEffectiveDate(service, repricing),
        submit=SubmitApplication(service),
        cancel=CancelApplication(service),
        clients=clients,
        read_rules=ReadRules(service),
    )


def _ignore(_count: int) -> None:
    """A timer's work has no result; the use case counts for tests."""


def seed(runtime: Runtime) -> None:
    load_places(runtime.database)


def whatif(runtime: Runtime) -> None:
    """Hold a rule pack against the stored drafts; see docs/how-to/change-the-rules.md."""
    from services.enrollment.rulebook.whatif import (
        run as run_what_if,
    )  # brings typer and rich, which nothing else needs

    folder = runtime.settings(EnrollmentSettings).rules_folder
    rulebook = Rulebook(laid_over=folder).loaded()
    run_what_if(WhatIf(DraftRepository(runtime.database), runtime.clock, rulebook), sys.argv[2:], folder)


def make_indexes_anew(runtime: Runtime) -> None:
    """See docs/how-to/change-the-index-key.md."""
    done = reindex(runtime.database, _encryption(runtime.settings(EnrollmentSettings)))
    sys.stdout.write(f"{done} rows indexed\n")


SERVICE = Service(
    name="enrollment",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    publishes=PUBLISHES,
    hears=HEARS,
    seed=seed,
    commands={"whatif": whatif, "reindex": make_indexes_anew},
)

if __name__ == "__main__":
    main([SERVICE])
