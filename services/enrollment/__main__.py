"""Composition of enrollment: ``python -m services.enrollment rpc|worker|migrate|seed|whatif|reindex|rotate-keys``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from collections.abc import Callable
from pathlib import Path


from chassis import telemetry
from chassis.bus.worker_spec import Timer
from chassis.kernel import Clock, business_date, get_markets
from chassis.cli import main
from chassis.service import ServiceParts, Runtime, Service
from services.enrollment.commands.reindex import reindex
from services.enrollment.commands.rotate_keys import rotate_keys
from services.enrollment.commands.seed import seed
from services.enrollment.contract.service import EnrollmentContract, UseCases
from services.enrollment.contract.stored_bounds import find_stored_out_of_bounds
from services.enrollment.domain.carrier_grants import CarrierGrants
from services.enrollment.domain.open_enrollment_review import find_stale_windows
from services.enrollment.domain.review_links import KEY_PURPOSE, ReviewLinks
from services.enrollment.events.incoming import SUBSCRIBES_TO, make_subscriptions
from services.enrollment.events.outgoing import REQUESTED, event_to_proto
from services.enrollment.remote.payments import RemotePayments
from services.enrollment.remote.providers import RemoteProviders
from services.enrollment.remote.quotes import RemoteQuotes
from services.enrollment.rulebook import Rulebook
from services.enrollment.rulebook.carrier_grants import load_carrier_grants
from services.enrollment.settings import EnrollmentSettings
from services.enrollment.store.geography import LocalAddresses
from services.enrollment.store.outcomes import listen_for_outcomes
from services.enrollment.store.tables import INFRASTRUCTURE
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.get_review import GetReview
from services.enrollment.usecases.list_reviews import ListReviews
from services.enrollment.usecases.open_review import OpenReview
from services.enrollment.usecases.read_review import ReadReview
from services.enrollment.usecases.return_review import ReturnReview
from services.enrollment.usecases.revoke_review import RevokeReview
from services.enrollment.usecases.save_review_remark import SaveReviewRemark
from services.enrollment.usecases.send_for_review import SendForReview
from services.enrollment.usecases.sign_review import SignReview
from services.enrollment.usecases.terminate_coverage import TerminateCoverage
from services.enrollment.usecases.withdraw_review import WithdrawReview
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.cancel_application import CancelApplication
from services.enrollment.usecases.confirm_payable import ConfirmPayable
from services.enrollment.usecases.expire_applications import ExpireApplications
from services.enrollment.usecases.explain_duplicates import ExplainDuplicates
from services.enrollment.usecases.find_duplicates import FindDuplicates
from services.enrollment.usecases.get_client import GetClient
from services.enrollment.usecases.get_enrollment_report import GetEnrollmentReport
from services.enrollment.usecases.list_applicants import ListApplicants
from services.enrollment.usecases.list_awaited_reviews import ListAwaitedReviews
from services.enrollment.usecases.get_application import GetApplication
from services.enrollment.usecases.get_rating_basis import GetRatingBasis
from services.enrollment.usecases.get_readiness import GetReadiness
from services.enrollment.usecases.get_submission import GetSubmission
from services.enrollment.usecases.get_timeline import GetTimeline
from services.enrollment.usecases.list_applications import ListApplications
from services.enrollment.usecases.list_deadlines import ListDeadlines
from services.enrollment.usecases.list_effective_dates import ListEffectiveDates
from services.enrollment.usecases.on_autopay_changed import OnAutopayChanged
from services.enrollment.usecases.on_document_rendered import OnDocumentRendered
from services.enrollment.usecases.on_payment_changed import OnPaymentChanged
from services.enrollment.usecases.on_policy_decided import OnPolicyDecided
from services.enrollment.usecases.on_proof_added import OnProofAdded
from services.enrollment.usecases.on_quote_created import OnQuoteCreated
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.plan_review import PlanReview
from services.enrollment.usecases.ports import (
    AddressSearch,
    PaymentService,
    ProviderService,
    QuoteService,
    SubmissionOutcomes,
)
from services.enrollment.usecases.change_contact import ChangeContact
from services.enrollment.usecases.check_plan_change import CheckPlanChange
from services.enrollment.usecases.delete_reviews import DeleteReviews
from services.enrollment.usecases.read_payment import ReadPayment
from services.enrollment.usecases.read_rules import ReadRules
from services.enrollment.usecases.repricing import Repricing
from services.enrollment.usecases.retry_stuck_submissions import RetryStuckSubmissions
from services.enrollment.usecases.run_submission import RunSubmission
from services.enrollment.usecases.save_step import SaveStep
from services.enrollment.usecases.search_addresses import SearchAddresses
from services.enrollment.usecases.search_clients import SearchClients
from services.enrollment.usecases.set_effective_date import SetEffectiveDate
from services.enrollment.usecases.start_application import StartApplication
from services.enrollment.usecases.start_client_enrollment import StartClientEnrollment
from services.enrollment.usecases.start_enrollment import StartEnrollment
from services.enrollment.usecases.submit_application import SubmitApplication

# Four looks in the minute after which a submission counts as stuck.
RETRY_SECONDS = 15.0
# Expiry is a matter of days; the look for it is one small indexed query.
EXPIRE_SECONDS = 60.0
# Ten years and an hour are as good as ten years.
DELETE_SECONDS = 3600.0


# A real address service is one more entry, with its adapter in ``remote`` and its name in the setting.
ADDRESS_SEARCHES: dict[str, Callable[[ApplicationService], AddressSearch]] = {
    "local": lambda service: LocalAddresses(service.transactions)
}


def build(runtime: Runtime) -> ServiceParts:
    settings = runtime.settings(EnrollmentSettings)
    rulebook = Rulebook(laid_over=settings.rules_folder).loaded()
    warn_of_stale_rules(rulebook, runtime.clock)
    opened = make_transactions(runtime.database, settings.ssn_encryption, event_to_proto)
    service = ApplicationService(
        opened, runtime.clock, rulebook, _help(get_markets().help_line), find_stored_out_of_bounds
    )
    quotes = RemoteQuotes(runtime.bus)
    providers, payments = RemoteProviders(runtime.bus), RemotePayments(runtime.bus)
    addresses = ADDRESS_SEARCHES[settings.address_search](service)
    links = ReviewLinks(runtime.derive_key(KEY_PURPOSE), settings.portal_url)
    grants = load_carrier_grants(settings.carrier_grants)
    outcomes = listen_for_outcomes(runtime.database)
    use_cases = build_use_cases(service, quotes, providers, payments, addresses, links, grants, outcomes)
    retry_stuck_submissions = RetryStuckSubmissions(service, lambda: runtime.count_unhandled(SERVICE.name, REQUESTED))
    expire_applications = ExpireApplications(service)
    delete_reviews = DeleteReviews(service)
    return ServiceParts(
        EnrollmentContract(use_cases, runtime.page_tokens),
        make_subscriptions(
            RunSubmission(service, quotes, providers, payments),
            OnPaymentChanged(service),
            OnAutopayChanged(service),
            OnQuoteCreated(service, quotes),
            OnProofAdded(service),
            OnDocumentRendered(service),
            OnPolicyDecided(service),
        ),
        [
            Timer("retry_stuck_submissions", RETRY_SECONDS, lambda: _ignore(retry_stuck_submissions())),
            Timer("expire_applications", EXPIRE_SECONDS, lambda: _ignore(expire_applications())),
            Timer("delete_reviews", DELETE_SECONDS, lambda: _ignore(delete_reviews())),
        ],
    )


def warn_of_stale_rules(rulebook: Rulebook, clock: Clock) -> None:
    """Once at start, in the log; `portal rules` says the same."""
    windows = rulebook.packs[-1].open_enrollment
    for state in get_markets().states:
        for sentence in find_stale_windows(windows, [state], business_date(clock.now(), state)):
            telemetry.get_logger().warning("open enrollment table is not current", reason=sentence)


def _help(number: str) -> str:
    return f"If this continues, call the help line at {number}." if number else ""


def build_use_cases(
    service: ApplicationService,
    quotes: QuoteService,
    providers: ProviderService,
    payments: PaymentService,
    addresses: AddressSearch,
    links: ReviewLinks,
    grants: CarrierGrants,
    outcomes: SubmissionOutcomes,
) -> UseCases:
    repricing, pcp_review, read_payment = Repricing(quotes), PcpReview(providers), ReadPayment(payments)
    return UseCases(
        start_application=StartApplication(service),
        start_enrollment=StartEnrollment(service, quotes),
        start_client_enrollment=StartClientEnrollment(service),
        get_application=GetApplication(service, read_payment),
        get_rating_basis=GetRatingBasis(service),
        check_plan_change=CheckPlanChange(service, quotes, pcp_review),
        get_readiness=GetReadiness(service, pcp_review, PlanReview(quotes)),
        save_step=SaveStep(service, repricing, pcp_review),
        list_effective_dates=ListEffectiveDates(service, quotes),
        set_effective_date=SetEffectiveDate(service, repricing),
        submit_application=SubmitApplication(service, pcp_review, outcomes),
        cancel_application=CancelApplication(service, read_payment),
        terminate_coverage=TerminateCoverage(service, read_payment),
        change_contact=ChangeContact(service, read_payment),
        confirm_payable=ConfirmPayable(service),
        get_submission=GetSubmission(service, payments, grants),
        list_applications=ListApplications(service),
        list_deadlines=ListDeadlines(service),
        get_timeline=GetTimeline(service),
        get_client=GetClient(service),
        list_applicants=ListApplicants(service),
        list_awaited_reviews=ListAwaitedReviews(service),
        get_enrollment_report=GetEnrollmentReport(service),
        search_clients=SearchClients(service),
        search_addresses=SearchAddresses(service, addresses),
        find_duplicates=FindDuplicates(service),
        explain_duplicates=ExplainDuplicates(service),
        read_rules=ReadRules(service),
        send_for_review=SendForReview(service, links),
        list_reviews=ListReviews(service),
        get_review=GetReview(service),
        revoke_review=RevokeReview(service),
        open_review=OpenReview(service, links),
        read_review=ReadReview(service, links),
        save_review_remark=SaveReviewRemark(service, links),
        return_review=ReturnReview(service, links),
        sign_review=SignReview(service, links),
        withdraw_review=WithdrawReview(service, links),
    )


def _ignore(_count: int) -> None:
    """A timer's work has no result; the use case counts for tests."""


def compare_rule_pack(runtime: Runtime) -> None:
    from services.enrollment.commands.what_if import whatif  # brings typer and rich, which no serving process needs

    whatif(runtime)


SERVICE = Service(
    name="enrollment",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    subscribes_to=SUBSCRIBES_TO,
    seed=seed,
    commands={"whatif": compare_rule_pack, "reindex": reindex, "rotate-keys": rotate_keys},
)

if __name__ == "__main__":
    main([SERVICE])
