"""Step 4: replaced and other coverage, as far as the contract refuses it."""

from typing import Any

import pytest
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness


def fields(refused: Any) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in refused.value.problems]


def test_a_form_that_does_not_ask_for_replaced_coverage_takes_and_keeps_none(
    harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from services.enrollment.domain.enums import FormType

    pack = harness.service.rulebook.version("2026.1")
    hidden = replace(pack, coverage_replacement_hidden={FormType.DENTAL: ("IL",)})
    monkeypatch.setattr(type(harness.service.rulebook), "version", lambda _self, _version: hidden)
    replaced = pb.ReplacedCoverage(insurer="Old Mutual", policy_number="1", termination_date="2026-06-30")
    step = pb.OtherCoverageStep(replaces_coverage=True, replaced=[replaced], replacement_rights_shown=True)
    app = harness.save(harness.complete(), other_coverage=step)
    app = harness.save(app, household=samples.household(form_type=pb.FORM_TYPE_DENTAL))
    assert not (app.other_coverage.replaces_coverage or app.other_coverage.replaced)
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, other_coverage=step)
    assert fields(refused) == [("replaces_coverage", "R78")]


@pytest.mark.parametrize("day", ["2024-05-19", "2028-05-20"])
def test_coverage_does_not_end_years_away(harness: EnrollmentHarness, day: str) -> None:
    replaced = pb.ReplacedCoverage(insurer="Old Mutual", policy_number="1", termination_date=day)
    with pytest.raises(InvalidInput) as refused:
        harness.save(
            harness.complete(), other_coverage=pb.OtherCoverageStep(replaces_coverage=True, replaced=[replaced])
        )
    assert fields(refused) == [("replaced[0].termination_date", "R73")]


def test_other_coverage_is_written_as_a_carriers_file_can_carry_it(harness: EnrollmentHarness) -> None:
    replaced = pb.ReplacedCoverage(insurer="<b>", policy_number="\U0001f600")
    other = pb.OtherCoverage(name_on_policy="Ada {x}", member_number="1~2", group_id="\u4fdd")
    app = harness.complete()
    with pytest.raises(InvalidInput) as refused:
        harness.save(
            app,
            other_coverage=pb.OtherCoverageStep(
                replaces_coverage=True, replaced=[replaced], has_other_coverage=True, others=[other]
            ),
        )
    assert fields(refused) == [
        ("replaced[0].insurer", "R73"),
        ("replaced[0].policy_number", "R73"),
        ("others[0].name_on_policy", "R75"),
        ("others[0].member_number", "R75"),
        ("others[0].group_id", "R75"),
    ]
    assert harness.get(app).other_coverage == app.other_coverage
