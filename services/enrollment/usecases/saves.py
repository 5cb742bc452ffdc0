"""Use cases: a save whose answer was lost, sent again (a person cannot know that it was made).

The caller read version n, saved, and got no answer: the same save again finds version n + 1. When that change is this
very save, by the same person and with the same content, the answer is given again instead of "someone else saved".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chassis.kernel import Caller, Stale
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView


@dataclass(frozen=True, slots=True)
class Save:
    """``content``: a digest of the request as it was sent, the version that was read included."""

    caller: Caller
    record_number: str
    version: int
    content: str = ""

    @property
    def mark(self) -> str:
        """Who saved what; empty where the content is not known."""
        return f"{self.caller.subject}\x00{self.content}" if self.content else ""


def answer_again(service: ApplicationService, save: Save, run: Callable[[], ApplicationView]) -> ApplicationView:
    """What ``run`` gives; where it is stale by this very save, the application as that save left it."""
    try:
        return run()
    except Stale:
        with service.transactions() as work:
            app = service.find(work, save.caller, save.record_number)
            if app.version != save.version + 1 or not work.applications.is_last_save(app, save.mark):
                raise
            return service.view(app, service.find_missing(work, app))
