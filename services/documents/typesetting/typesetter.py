"""Typst behind the ``Typesetter`` port: PDF/UA-1 and PDF/A-2a, made in processes of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from suite.enrollment.v1 import application_pb2, client_review_pb2

from chassis.kernel import Conflict, business_date
from services.documents.domain.legal_text import ENGLISH, SPANISH
from services.documents.domain.proposal import Proposal
from services.documents.typesetting.application_form import create_application_form
from services.documents.typesetting.attestations import AcceptedText, texts_of
from services.documents.typesetting.carriers import CarrierBranding
from services.documents.typesetting.legal_texts import LegalTexts
from services.documents.typesetting.printed_words import get_printed_words
from services.documents.typesetting.proposal_form import proposal_form
from services.documents.typesetting.review_form import create_review_form
from services.documents.usecases.ports import RenderedPdf

_VERSION = {ENGLISH: "Version {}", SPANISH: "Versión {}"}
# In place of a text that is not here.
_KEPT = {
    ENGLISH: "The carrier keeps the text of this version.",
    SPANISH: "La aseguradora guarda el texto de esta versión.",
}


class Compiler(Protocol):
    def typeset(self, template: str, form: dict[str, Any], at: datetime) -> bytes: ...


class ApplicationSource(Protocol):
    def get_application(self, record_number: str) -> application_pb2.Application:
        """The submitted application; Unavailable while enrollment cannot be reached."""
        ...

    def get_review(self, record_number: str, review_id: str) -> client_review_pb2.GetReviewResponse:
        """One of its client reviews; NotFound, Unavailable."""
        ...


class TypstTypesetter:
    """The port ``usecases.ports.Typesetter``."""

    def __init__(
        self,
        carriers: Mapping[str, CarrierBranding],
        texts: LegalTexts,
        compiler: Compiler,
        applications: ApplicationSource,
    ) -> None:
        self._carriers = carriers
        self._texts = texts
        self._compiler = compiler
        self._applications = applications

    def application(self, record_number: str, at: datetime, language: str = ENGLISH) -> RenderedPdf:
        application = self._applications.get_application(record_number)
        carrier = self._carriers[application.state]
        words = get_printed_words("application", language)
        texts = list(self._printed(texts_of(application, words.language), application.state, carrier))
        form = create_application_form(application, carrier, texts, words)
        names = tuple(f"{text['name']} {text['version']}" for text in texts)
        return RenderedPdf(self._compiler.typeset("application.typ", form, at), names)

    def proposal(self, proposal: Proposal, at: datetime, language: str = ENGLISH) -> bytes:
        words = get_printed_words("proposal", language)
        form = proposal_form(proposal, self._carriers[proposal.state], business_date(at, proposal.state), words)
        return self._compiler.typeset("proposal.typ", form, at)

    def review(self, record_number: str, review_id: str, at: datetime) -> bytes:
        found = self._applications.get_review(record_number, review_id)
        if not found.review.HasField("consent"):
            raise Conflict("The client has not signed by this link.", code="review_not_signed")
        state = self._applications.get_application(record_number).state
        carrier, consent = self._carriers[state], found.review.consent
        wanted = [AcceptedText(one.kind, one.version, consent.language) for one in consent.texts]
        form = create_review_form(found, state, carrier, list(self._printed(wanted, state, carrier)))
        return self._compiler.typeset("review.typ", form, at)

    def _printed(
        self, accepted: Sequence[AcceptedText], state: str, carrier: CarrierBranding
    ) -> Iterator[dict[str, Any]]:
        for wanted in accepted:
            text = self._texts.find_text(wanted.name, state, wanted.version, carrier.name, wanted.language)
            if text:
                blocks = [[block.kind, block.text] for block in text.blocks]
                yield _text(wanted, title=text.title, sample=text.sample_notice, blocks=blocks)
            else:
                # never print another version than the one that was accepted
                title = wanted.name.replace("-", " ").capitalize()
                yield _text(wanted, title=title, sample="", blocks=[["paragraph", _KEPT[wanted.language]]])


def _text(wanted: AcceptedText, **fields: Any) -> dict[str, Any]:
    stated = _VERSION[wanted.language].format(wanted.version)
    shared = {"name": wanted.name, "language": wanted.language, "version": wanted.version, "stated_version": stated}
    return {**shared, **fields}
