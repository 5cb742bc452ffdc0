"""Use case: "Calculate Effective Date" (R28-R34)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Caller
from services.enrollment.domain.application import Application
from services.enrollment.domain.audit_diff import changed_fields
from services.enrollment.domain.consents import record_consents, withdraw_outdated_consents
from services.enrollment.domain.effective_dates import DateChoice
from services.enrollment.domain.premium_change import find_premium_change
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.step_updates import with_date
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.repricing import Repricing
from services.enrollment.usecases.saves import Save, answer_again


@dataclass(frozen=True, slots=True)
class SetEffectiveDate:
    service: ApplicationService
    repricing: Repricing

    def __call__(
        self, caller: Caller, record_number: str, version: int, wanted: DateChoice, content: str = ""
    ) -> ApplicationView:
        """An empty choice takes the default. ``content``: a digest of the request, as of SaveStep."""
        service, save = self.service.begin(), Save(caller, record_number, version, content)
        return answer_again(service, save, lambda: self._set(service, save, wanted))

    def _set(self, service: ApplicationService, save: Save, wanted: DateChoice) -> ApplicationView:
        caller, record_number, version = save.caller, save.record_number, save.version
        with service.transactions() as work:
            app = service.find(work, caller, record_number)
        c = service.circumstances(app)
        app.must_be_version(version)
        app.must_be_open(c.today)
        dated = with_date(app, wanted, c, service.now())
        priced = self.repricing.refresh(app, dated, None, c.today)
        priced = record_consents(app, withdraw_outdated_consents(app, priced, None, c.today), caller)
        with service.transactions() as work:
            missing = service.save(work, priced, read_version=version, saved=save.mark)
            summary, changed = _summary(priced, wanted, c), changed_fields(app, priced)
            service.record(work, caller.subject, priced, "effective_date.calculated", summary, changed)
        return replace(service.view(priced, missing), premium_change=find_premium_change(app, priced))


def _summary(app: Application, wanted: DateChoice, c: Circumstances) -> str:
    """For the timeline: the life event by what the form calls it."""
    assert app.start, "the date was set just now"
    how = "calculated as the earliest that is possible" if wanted == DateChoice() else "chosen"
    events = [
        (place, event) for place, event in enumerate(app.general.life_events, 1) if app.start.is_justified_by(event)
    ]
    if not events:
        return f"Effective date {how}."
    place, event = events[0]
    rule = c.pack.life_events.get(event.kind)
    return f"Effective date {how}, for life event {place} ({rule.label if rule else event.kind})."
