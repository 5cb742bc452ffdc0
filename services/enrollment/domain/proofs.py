"""Domain: which documents prove the life event that justifies the effective date (rules.md 1)."""

from __future__ import annotations

from datetime import date, timedelta

from services.enrollment.domain.application import Application
from services.enrollment.domain.rule_pack import Circumstances


def proofs_asked(app: Application, c: Circumstances) -> tuple[str, ...]:
    """Kinds of documents, by the pack; none in open enrollment."""
    if not app.general.special_enrollment or app.start is None:
        return ()
    rule = c.pack.life_events.get(app.start.life_event)
    return rule.proofs if rule else ()


def proof_due_on(app: Application, c: Circumstances) -> date | None:
    """Counted from the submission, which is today."""
    return c.today + timedelta(days=c.pack.proof_days) if proofs_asked(app, c) else None
