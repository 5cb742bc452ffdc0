"""The operator's commands for the files between the suite and a carrier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from portal.__main__ import app
from services.documents.edi.profile_files import SHIPPED
from tests.unit.services.documents.carrier_files import acknowledgment, effectuation, interchange, ta1, taken
from tests.unit.services.documents.policies import make_policy, write


def run(command: str, file: Path) -> Result:
    return CliRunner().invoke(app, [command, str(file)])


def save(folder: Path, text: str) -> Path:
    path = folder / "file.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_834_exits_with_0(tmp_path: Path) -> None:
    done = run("check-834", save(tmp_path, write([make_policy()])))
    assert (done.exit_code, done.output) == (0, "No faults.\n")


def test_each_fault_is_a_line_without_the_values_of_a_person(tmp_path: Path) -> None:
    text = write([make_policy()]).replace("420.10", "420.11").replace("219099999", "999999999")
    done = run("check-834", save(tmp_path, text))
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "transaction 1001: segment 12, loop 2100A, member 1 (124301): "
        "NM109, a social security number, repeats one digit (dummy_number)",
        "transaction 1001: PRE AMT 1 of the members does not add up to PRE AMT TOT (loop 2750) (premium_sum)",
    ]


@pytest.mark.parametrize("text", ["", "Dear carrier", write([make_policy()]).replace("SAMPLE", "SÁMPLE")])
def test_what_is_no_834_is_a_fault_and_no_crash(tmp_path: Path, text: str) -> None:
    done = run("check-834", save(tmp_path, text))
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 1


def test_answers_are_lines_of_json(tmp_path: Path) -> None:
    text = interchange(ta1(), acknowledgment(*taken()), effectuation(make_policy()))
    done = run("carrier-answers", save(tmp_path, text))
    assert done.exit_code == 0
    found = [json.loads(line) for line in done.output.splitlines()]
    assert [one["answer"] for one in found] == ["InterchangeAcknowledgment", "GroupAcknowledgment", "Effectuation"]
    assert found[2]["begins_on"] == "2026-12-01"


def test_an_answer_that_is_not_understood_exits_with_1(tmp_path: Path) -> None:
    done = run("carrier-answers", save(tmp_path, interchange(ta1(), "TA1**~")))
    assert done.exit_code == 1
    assert json.loads(done.output.splitlines()[1])["answer"] == "UnexpectedAnswer"


def test_a_profile_that_can_be_used_exits_with_0() -> None:
    done = run("carrier-profile", SHIPPED / "sample-carrier.1.yaml")
    assert (done.exit_code, done.output) == (
        0,
        "sample-carrier, version 1: test files; sends language, ssn, tobacco.\n",
    )


def test_a_profile_that_cannot_be_used_exits_with_2_and_the_place(tmp_path: Path) -> None:
    path = tmp_path / "carrier.1.yaml"
    path.write_text("extends: individual-market.1\n")
    done = run("carrier-profile", path)
    assert done.exit_code == 2
    assert "carrier.1.yaml: partners: Field required" in done.output


@pytest.mark.parametrize("command", [["write-834"], ["carrier-answers", "FILE"]])
def test_a_carrier_without_a_profile_is_refused_before_anything_is_opened(tmp_path: Path, command: list[str]) -> None:
    answers = save(tmp_path, interchange(ta1()))
    arguments = [str(answers) if one == "FILE" else one for one in command]
    done = CliRunner().invoke(app, [*arguments, "--carrier", "nobody", "--profiles", str(tmp_path)])
    assert done.exit_code == 2
    assert f"there is no nobody.1.yaml in {tmp_path}" in done.output
