"""The documents service's processes."""

import chassis.green  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from pathlib import Path

from chassis.db import Transactions
from chassis.service import Parts, Runtime, Service, main
from chassis.settings import ServiceSettings
from services.documents.contract.service import DocumentsContract
from services.documents.events import HEARS, PUBLISHES, subscriptions, translate
from services.documents.remote.applications import EnrollmentApplications
from services.documents.remote.proposals import QuoteProposals
from services.documents.store.tables import PLUMBING
from services.documents.store.work import DocumentsWork
from services.documents.typesetting.carriers import CARRIERS, read_carriers
from services.documents.typesetting.legal_texts import LegalTexts
from services.documents.typesetting.typesetter import TypstTypesetter
from services.documents.usecases.make_proposal_pdf import MakeProposalPdf
from services.documents.usecases.read_application_pdf import ReadApplicationPdf
from services.documents.usecases.render_application import RenderApplication


class DocumentsSettings(ServiceSettings):
    """``DOCUMENTS_CARRIERS``: JSON file with the carrier of each state."""

    carriers: Path = CARRIERS


def build(runtime: Runtime) -> Parts:
    transactions = Transactions(runtime.database, DocumentsWork, PLUMBING, translate)
    typesetter = TypstTypesetter(read_carriers(runtime.settings(DocumentsSettings).carriers), LegalTexts())
    render = RenderApplication(transactions, EnrollmentApplications(runtime.bus), typesetter, runtime.clock)
    propose = MakeProposalPdf(transactions, QuoteProposals(runtime.bus), typesetter, runtime.clock)
    return Parts(DocumentsContract(ReadApplicationPdf(transactions, runtime.clock), propose), subscriptions(render))


SERVICE = Service(
    name="documents",
    migrations=Path(__file__).parent / "store" / "migrations",
    plumbing=PLUMBING,
    build=build,
    publishes=PUBLISHES,
    hears=HEARS,
)

if __name__ == "__main__":
    main([SERVICE])
