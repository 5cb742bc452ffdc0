"""Typesetting without a process of its own: the same code, for tests that look at what it makes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from services.documents.typesetting import sandbox_process


class InProcess:
    def typeset(self, template: str, form: dict[str, Any], at: datetime) -> bytes:
        answer = sandbox_process.answer(
            json.dumps({"template": template, "form": form, "at": int(at.timestamp())}).encode()
        )
        assert answer.startswith(sandbox_process.MADE), answer
        return answer[1:]
