"""Applications, and what becomes of them, go out in their carrier's 834, and its answers reach their timelines, across
the real processes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.journey import PATIENCE_SECONDS, Journey
from deploy.local.processes import ROOT, ProcessSettings
from deploy.local.suite import LocalSuite
from services.documents.edi.profile_files import SHIPPED
from tests.invariants import find_broken
from tests.unit.services.documents.carrier_files import acknowledgment, answer_834, effectuate, interchange, ta1

pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
CARRIER = "sample-carrier"


@dataclass(frozen=True)
class Operator:
    """Whoever runs the command ``portal`` beside the suite; ``folder`` is where files go out and come in."""

    suite: LocalSuite
    folder: Path

    def run(self, *arguments: str, today: date = TODAY) -> subprocess.CompletedProcess[str]:
        running = self.suite
        settings = ProcessSettings(running.ports, running.keys, running.databases, running.broker.url, {})
        env = {**settings.environment("rpc"), "SUITE_TODAY": today.isoformat()}
        command = [sys.executable, "-m", "portal", *arguments]
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    def run_writer(self, today: date = TODAY) -> subprocess.CompletedProcess[str]:
        """By a profile of the carrier's own, which wants to know providers too."""
        sample = (SHIPPED / f"{CARRIER}.1.yaml").read_text()
        (self.folder / f"{CARRIER}.1.yaml").write_text(f"{sample}sends: [ssn, language, tobacco, provider]\n")
        folder = str(self.folder)
        return self.run("write-834", "--carrier", CARRIER, "--profiles", folder, "--out", folder, today=today)

    def write(self, today: date = TODAY) -> str:
        """Once what it is to tell has come over the bus."""
        before, give_up = set(self.folder.glob("*.834")), time.monotonic() + PATIENCE_SECONDS
        while not (new := set(self.folder.glob("*.834")) - before):
            done = self.run_writer(today)
            assert done.returncode == 0, done.stdout + done.stderr
            assert time.monotonic() < give_up, done.stdout
        (path,) = new
        assert self.run("check-834", str(path)).stdout == "No faults.\n"
        return path.read_text()

    def answer(self, *parts: str, code: int = 0) -> list[dict[str, Any]]:
        path = self.folder / "answer.x12"
        path.write_text(interchange(*parts))
        done = self.run("carrier-answers", str(path), "--carrier", CARRIER)
        assert done.returncode == code, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


class BornThisYear(Journey):
    """What began in another plan year has ended with it."""

    @property
    def birth(self) -> date:
        return max(super().birth, date(self.today.year, 1, 1))


def submitted(api: Api, *, ahead: bool = True) -> Journey:
    """For the first of a month to come, or from the birth on; its PDF is made once documents has heard of it."""
    journey = BornThisYear(api, TODAY)
    journey.until_ready()
    if ahead:
        path = f"/applications/{journey.record_number}"
        first = max(one["effective_date"] for one in api.get(f"{path}/effective-dates")["options"])
        journey.application = api.post_on(
            f"{path}/effective-date", {"effective_date": first}, journey.application["version"]
        )
    journey.submit()
    journey.fetch_pdf()
    return journey


def timeline(api: Api, journey: Journey) -> list[str]:
    entries = api.get(f"/applications/{journey.record_number}/timeline")["entries"]
    return [entry["summary"] for entry in entries]


def providers_of(api: Api, journey: Journey) -> list[str]:
    """Chosen for the applicant, and assigned to the three others."""
    assigned = api.get(f"/applications/{journey.record_number}")["assigned_pcps"]
    assert [one["auto_assigned"] for one in assigned] == [False, True, True, True]
    return [one["pcp_id"] for one in assigned]


def accept(text: str) -> list[str]:
    """A TA1, and a 999 for each group that names no transaction: all are accepted."""
    whole = int(text.split("*")[13])
    groups = re.findall(r"GS\*BE(?:\*[^*~]*){4}\*(\d+)\*", text)
    return [ta1(whole), *(acknowledgment(group_number=int(number)) for number in groups)]


def transactions_of(text: str, journey: Journey) -> list[str]:
    """From ST to SE."""
    policy = f"REF*1L*{journey.record_number.replace('-', '')}"
    return [one for one in re.findall(r"ST\*.*?~SE\*[^~]*~", text) if policy in one]


def test_applications_are_told_to_their_carrier_and_its_answers_reach_the_timeline(
    api: Api, suite: LocalSuite, tmp_path: Path
) -> None:
    paid, cancelled = submitted(api), submitted(api)
    operator = Operator(suite, tmp_path)
    text = operator.write()
    for journey in (paid, cancelled):
        medical, dental = sorted(transactions_of(text, journey), key=lambda one: "*DEN~" in one)
        assert "HD*021**HLT~" in medical
        assert "HD*021**DEN~" in dental
        assert medical.count("INS*") == dental.count("INS*") == 4
        assert "NM1*IL*1*Sample*Ada~" in medical
        assert "N1*75*RATING AREA~REF*9X*R-IL001~" in medical
        assert "*34*" not in medical  # nobody granted numbers
        assert re.findall(r"NM1\*P3\*1\*{6}SV\*(.*?)\*72~", medical) == providers_of(api, journey)
        assert "*P3*" not in dental
        read = f"The submission was read for {CARRIER}: birth date, contact, provider, tobacco."
        assert read in timeline(api, journey)
    assert operator.run_writer().stdout == f"{CARRIER}: nothing new for {TODAY}.\n"

    confirmed = transactions_of(text, paid)
    answers = operator.answer(*accept(text), *(effectuate(one) for one in confirmed))
    assert {one["answer"] for one in answers} == {"InterchangeAcknowledgment", "GroupAcknowledgment", "Effectuation"}
    expected = [
        *(f"SAMPLE CARRIER accepted the {line} enrollment." for line in ("medical", "dental")),
        *(f"SAMPLE CARRIER effectuated the {line} coverage." for line in ("medical", "dental")),
    ]
    paid._wait(lambda: set(expected) <= set(timeline(api, paid)), "what the carrier answered")
    cancelled._wait(lambda: set(expected[:2]) <= set(timeline(api, cancelled)), "what the carrier answered")
    assert not set(expected[2:]) & set(timeline(api, cancelled))

    again = operator.answer(*accept(text), *(effectuate(one) for one in confirmed))
    assert [one["answer"] for one in again] == ["ReadBefore"]
    (unknown,) = operator.answer(ta1(987_654_321), code=1)
    assert unknown["meant"][0]["entry"] == "NotSent"
    dearer = effectuate(confirmed[0].replace("N1*75*PRE AMT TOT~REF*9X*", "N1*75*PRE AMT TOT~REF*9X*1"))
    (other,) = operator.answer(dearer, code=1)
    assert other["meant"][0]["fields"] == ["premium"]
    assert sorted(one for one in timeline(api, paid) if "SAMPLE CARRIER" in one) == sorted(expected)

    api.post(f"/applications/{cancelled.record_number}/cancellation", {"reason": "changed_mind", "asked_by": "client"})
    tomorrow = TODAY + timedelta(days=1)
    later = operator.write(today=tomorrow)
    assert len(transactions_of(later, cancelled)) == 2
    assert not transactions_of(later, paid)
    assert "HD*" not in "".join(transactions_of(later, cancelled))
    assert find_broken(suite.databases) == []
    operator.answer(*accept(later))
    ended = {f"SAMPLE CARRIER accepted the {line} cancellation." for line in ("medical", "dental")}
    cancelled._wait(lambda: ended <= set(timeline(api, cancelled)), "the accepted cancellation")


def test_a_contact_change_and_a_termination_are_told_and_answered(api: Api, suite: LocalSuite, tmp_path: Path) -> None:
    journey, operator = submitted(api, ahead=False), Operator(suite, tmp_path)
    path = f"/applications/{journey.record_number}"
    days = (TODAY + timedelta(days=number) for number in range(10, 20))  # a file a day, and no other test's days
    assert len(transactions_of(operator.write(next(days)), journey)) == 2

    contact = {"phone": "312-555-0177", "phone_type": "mobile", "email": "ada.new@example.com"}
    mailing = {"street": "PO Box 12", "city": "Evanston", "state": "IL", "zip": "60201"}
    changed = api.put(
        f"{path}/contact", {"contact": contact, "mailing_address": mailing}, journey.application["version"]
    )
    day = next(days)
    text = operator.write(day)
    changes = transactions_of(text, journey)
    assert sorted(re.findall(r"HD\*001\*\*(...)~", "".join(changes))) == ["DEN"] * 4 + ["HLT"] * 4
    for one in changes:
        assert "INS*Y*18*001**A***AC~" in one
        assert "PER*IP**TE*3125550177*EM*ada.new@example.com~" in one
        assert "NM1*31*1~N3*PO Box 12~N4*Evanston*IL*60201~" in one
        assert one.count("REF*17*DEMOGRAPHIC CHANGE~") == 1
        assert one.count("REF*17*NO CHANGE~") == 3
    assert operator.run_writer(day).stdout == f"{CARRIER}: nothing new for {day}.\n"
    operator.answer(*accept(text))

    # today: any other last day may lie behind the end of the plan year
    death = {"coverages": ["dental"], "last_day": TODAY.isoformat(), "reason": "deceased", "asked_by": "client"}
    api.post(f"{path}/termination", death)
    text = operator.write(next(days))
    (ended,) = transactions_of(text, journey)
    assert f"REF*1L*{journey.record_number.replace('-', '')}D~" in ended
    assert "INS*Y*18*024*03*A***TE~" in ended
    assert f"DTP*357*D8*{TODAY:%Y%m%d}~" in ended
    assert "HD*" not in ended
    operator.answer(*accept(text), answer_834(ended.partition("~SE*")[0].split("~")))

    expected = {
        *(f"SAMPLE CARRIER accepted the contact details for the {line} coverage." for line in ("medical", "dental")),
        "SAMPLE CARRIER accepted the dental termination.",
        "SAMPLE CARRIER terminated the dental coverage: 03 TERM-PDM.",
    }
    journey._wait(lambda: expected <= set(timeline(api, journey)), "what the carrier answered")
    assert changed["status"] == api.get(path)["status"] == "submitted"
    assert "nothing new" in operator.run_writer(next(days)).stdout
    assert find_broken(suite.databases) == []
