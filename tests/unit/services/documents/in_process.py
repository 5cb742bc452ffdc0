"""Typesetting without a process of its own: the same code, for tests that look at what it makes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from services.documents.typesetting import child


class InProcess:
    def typeset(self, template: str, form: dict[str, Any], at: datetime) -> bytes:
        answer = child.answer(json.dumps({"template": template, "form": form, "at": int(at.timestamp())}).encode())
        assert answer.startswith(child.MADE), answer
        return answer[1:]
