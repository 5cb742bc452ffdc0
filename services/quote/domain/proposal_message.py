"""Domain: the message that a proposal is sent with, in the client's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ENGLISH, SPANISH = "en", "es"


@dataclass(frozen=True, slots=True)
class ProposalMessage:
    """``link`` names the days for which the link works."""

    subject: str
    greeting: str
    attached: str
    link: str
    questions: str
    file_name: str


MESSAGES: Mapping[str, ProposalMessage] = {
    ENGLISH: ProposalMessage(
        subject="Your health coverage proposal",
        greeting="Hello,",
        attached="Your health coverage proposal is attached as a PDF. You can also view it online:",
        link="The link works for {days} days. Premiums may change until coverage begins; the carrier decides on the"
        " application.",
        questions="Questions? Contact your producer:",
        file_name="proposal.pdf",
    ),
    SPANISH: ProposalMessage(
        subject="Su propuesta de cobertura de salud",
        greeting="Hola:",
        attached="Su propuesta de cobertura de salud va adjunta en PDF. También puede verla en línea:",
        link="El enlace funciona durante {days} días. Las primas pueden cambiar hasta que comience la cobertura; la"
        " compañía de seguros decide sobre la solicitud.",
        questions="¿Preguntas? Comuníquese con su productor:",
        file_name="proposal-es.pdf",
    ),
}
