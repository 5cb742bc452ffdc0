"""Typesetting without a process of its own: the same code, for tests that look at what it makes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from suite.enrollment.v1 import application_pb2, client_review_pb2

from services.documents.typesetting import sandbox_process
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import LegalTexts
from services.documents.typesetting.typesetter import Compiler, TypstTypesetter
from tests.unit.services.documents.samples import signed_review


class InProcess:
    def typeset(self, template: str, form: dict[str, Any], at: datetime) -> bytes:
        answer = sandbox_process.answer(
            json.dumps({"template": template, "form": form, "at": int(at.timestamp())}).encode()
        )
        assert answer.startswith(sandbox_process.MADE), answer
        return answer[1:]


class OneApplication:
    """Enrollment, with this application alone."""

    def __init__(self, application: application_pb2.Application) -> None:
        self._application = application

    def get_application(self, record_number: str) -> application_pb2.Application:
        assert record_number == self._application.record_number
        return self._application

    def get_review(self, record_number: str, review_id: str) -> client_review_pb2.GetReviewResponse:
        assert (record_number, review_id) == (self._application.record_number, "review-1")
        return signed_review(self._application)


def typesetter_of(
    application: application_pb2.Application | None = None,
    compiler: Compiler | None = None,
    texts: LegalTexts | None = None,
) -> TypstTypesetter:
    source = OneApplication(application or application_pb2.Application())
    return TypstTypesetter(read_carriers(), texts or LegalTexts(), compiler or InProcess(), source)
