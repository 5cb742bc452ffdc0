"""An application behind the fake services, and how a browser without JavaScript fills in its forms."""

from __future__ import annotations

import html
import re

from suite.common.v1 import common_pb2 as common
from suite.documents.v1 import texts_pb2
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as pb
from suite.enrollment.v1 import rules_pb2, steps_pb2

from chassis.identity import Caller
from chassis.kernel import Stale
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import FakeServices, GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page

AT = "/applications/A-0001"
STEPS = ["general", "household", "plans", "other-coverage", "signatures"]


class Desk:
    """An application behind the fake services that is saved as enrollment saves it: by version, step by step."""

    def __init__(self, services: FakeServices) -> None:
        self.application = page_answers.application(app.APPLICATION_STATUS_INCOMPLETE, "A-0001")
        self.application.current_step = app.STEP_HOUSEHOLD
        household = self.application.household
        household.contact.phone = "312 555 0142"
        household.home_address.CopyFrom(steps_pb2.Address(city="Chicago", state="IL", zip="60601"))
        household.people.add(person_id="p1", first_name="Jessica", relationship=common.RELATIONSHIP_SELF)
        household.people.add(person_id="p2", first_name="Sam", relationship=common.RELATIONSHIP_SPOUSE)
        self.application.general.life_events.add(kind="marriage", date="2026-05-02")
        services.answers |= {
            "GetApplication": lambda _request, _caller: pb.GetApplicationResponse(application=self.application),
            "SaveStep": self._save,
            "GetReadiness": pb.GetReadinessResponse(ready=True),
            "GetEnrollmentRules": rules_pb2.GetEnrollmentRulesResponse(
                rules=rules_pb2.EnrollmentRules(
                    life_events=[
                        rules_pb2.LifeEventRule(kind="marriage", label="Marriage"),
                        rules_pb2.LifeEventRule(kind="birth", label="Birth of a child"),
                    ],
                    most_life_events=10,
                    most_people=20,
                    disclosures=[rules_pb2.Disclosure(kind="terms", version="2026.1")],
                )
            ),
            "GetText": texts_pb2.GetTextResponse(text=texts_pb2.LegalText(title="Terms", sample_notice="Sample")),
        }

    def _save(self, request: pb.SaveStepRequest, _caller: Caller) -> pb.SaveStepResponse:
        if request.version != self.application.version:
            raise Stale("Somebody saved this application in the meantime.")
        if request.validate_only:
            return pb.SaveStepResponse(application=self.application)
        step = request.WhichOneof("step")
        assert step
        getattr(self.application, step).CopyFrom(getattr(request, step))
        for place, person in enumerate(self.application.household.people):
            person.person_id = person.person_id or f"p{place + 1}"
        self.application.version += 1
        return pb.SaveStepResponse(application=self.application)


def fields_of(text: str) -> dict[str, str]:
    """What a browser would send of a page's inputs as they stand."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name = re.search(r' name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        kind = re.search(r' type="(\w+)"', tag)
        if name and (not kind or kind[1] not in ("radio", "checkbox") or " checked" in tag):
            found[html.unescape(name[1])] = html.unescape(value[1]) if value else "on"
    for name_, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[html.unescape(name_)] = chosen[1] if chosen else ""
    return found


def send(browser: GatewayHarness, path: str, fields: dict[str, str], **changes: str) -> str:
    """Post a form; gives where it leads."""
    answer = browser.client.post(path, data=fields | changes, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def change(browser: GatewayHarness, path: str, action: str = "next", **changes: str) -> str:
    """Open a page, change fields (``__`` stands for the punctuation of a path), press a button."""
    fields = fields_of(page(browser, path))
    return send(browser, path, fields | changes | {"action": action})


def keep(browser: GatewayHarness, path: str, **changes: str) -> None:
    fields = fields_of(page(browser, path)) | changes
    assert browser.client.post(f"{path}/draft", data=fields, headers=SAME_ORIGIN).status_code == 200
