"""The documents service's processes."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from pathlib import Path

from pydantic import SecretStr

from chassis.cli import main
from chassis.service import Parts, Runtime, Service
from chassis.settings import ServiceSettings
from services.documents.contract.service import DocumentsContract
from services.documents.events import HEARS, PUBLISHES, subscriptions, translate
from services.documents.inspection.inspector import ProcessInspector
from services.documents.remote.applications import EnrollmentApplications, EnrollmentCases
from services.documents.remote.proposals import QuoteProposals
from services.documents.store.tables import INFRASTRUCTURE
from services.documents.store.vault import Vault
from services.documents.store.work import transactions
from services.documents.typesetting.carriers import CARRIERS, read_carriers
from services.documents.typesetting.legal_texts import CarrierTexts, LegalTexts
from services.documents.typesetting.processes import TypesettingProcesses
from services.documents.typesetting.typesetter import TypstTypesetter
from services.documents.usecases.add_proof import AddProof
from services.documents.usecases.make_proposal_pdf import MakeProposalPdf
from services.documents.usecases.read_application_pdf import ReadApplicationPdf
from services.documents.usecases.read_proofs import ReadProofs
from services.documents.usecases.read_text import ReadText
from services.documents.usecases.render_application import RenderApplication


class DocumentsSettings(ServiceSettings):
    """``DOCUMENTS_CARRIERS``: JSON file with the carrier of each state."""

    # Key-encryption key of all documents: 32 bytes in base64.
    field_key: SecretStr
    carriers: Path = CARRIERS


def build(runtime: Runtime) -> Parts:
    settings = runtime.settings(DocumentsSettings)
    kept = transactions(runtime.database, Vault.with_key(settings.field_key.get_secret_value()), translate)
    carriers, texts = read_carriers(settings.carriers), LegalTexts()
    typesetter = TypstTypesetter(carriers, texts, TypesettingProcesses())
    render = RenderApplication(kept, EnrollmentApplications(runtime.bus), typesetter, runtime.clock)
    propose = MakeProposalPdf(kept, QuoteProposals(runtime.bus), typesetter, runtime.clock)
    contract = DocumentsContract(
        ReadApplicationPdf(kept, runtime.clock),
        propose,
        AddProof(kept, EnrollmentCases(runtime.bus), ProcessInspector(), runtime.clock),
        ReadProofs(kept, runtime.clock),
        ReadText(CarrierTexts(texts, carriers)),
    )
    return Parts(contract, subscriptions(render))


SERVICE = Service(
    name="documents",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    publishes=PUBLISHES,
    hears=HEARS,
)

if __name__ == "__main__":
    main([SERVICE])
