"""Typst behind the ``Typesetter`` port: tagged PDF/UA-1, made in processes of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from suite.enrollment.v1 import application_pb2

from chassis.kernel import business_date
from services.documents.domain.proposal import Proposal
from services.documents.typesetting.application_form import create_application_form
from services.documents.typesetting.attestations import AcceptedText, texts_of
from services.documents.typesetting.carriers import CarrierBranding
from services.documents.typesetting.legal_texts import LegalTexts
from services.documents.typesetting.proposal_form import proposal_form
from services.documents.usecases.ports import RenderedPdf


class Compiler(Protocol):
    def typeset(self, template: str, form: dict[str, Any], at: datetime) -> bytes: ...


class ApplicationSource(Protocol):
    def get_application(self, record_number: str) -> application_pb2.Application:
        """The submitted application; Unavailable while enrollment cannot be reached."""
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

    def application(self, record_number: str, at: datetime) -> RenderedPdf:
        application = self._applications.get_application(record_number)
        carrier = self._carriers[application.state]
        texts = list(self._printed(application, carrier))
        form = create_application_form(application, carrier, texts)
        names = tuple(f"{text['name']} {text['version']}" for text in texts)
        return RenderedPdf(self._compiler.typeset("application.typ", form, at), names)

    def proposal(self, proposal: Proposal, at: datetime) -> bytes:
        form = proposal_form(proposal, self._carriers[proposal.state], business_date(at, proposal.state))
        return self._compiler.typeset("proposal.typ", form, at)

    def _printed(self, application: application_pb2.Application, carrier: CarrierBranding) -> Iterator[dict[str, Any]]:
        for wanted in texts_of(application):
            text = self._texts.find_text(wanted.name, application.state, wanted.version, carrier.name)
            if text:
                blocks = [[block.kind, block.text] for block in text.blocks]
                yield _text(wanted, title=text.title, version=text.version, blocks=blocks)
            else:
                # never print another version than the one that was accepted
                kept = "The carrier keeps the text of this version."
                title = wanted.name.replace("-", " ").capitalize()
                yield _text(wanted, title=title, version=wanted.version, blocks=[["paragraph", kept]])


def _text(wanted: AcceptedText, **fields: Any) -> dict[str, Any]:
    return {"name": wanted.name, **fields}
