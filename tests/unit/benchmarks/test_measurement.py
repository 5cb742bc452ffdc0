"""The table of targets: what is met, missed, and not measured."""

import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.measurement import Bound, Target, print_targets, target_lines
from benchmarks.targets import TARGETS

FASTER = Target("census, times as fast as before", Bound.AT_LEAST, 3, "make bench")
CHEAPER = Target("processor time, to that before", Bound.AT_MOST, 0.4, "make bench-compare REF=v1")
MAKEFILE = Path(__file__).resolve().parents[3] / "Makefile"


def cells(line: str) -> list[str]:
    return re.split(r"\s{2,}", line)


@pytest.mark.parametrize(
    ("target", "figure", "met"),
    [
        (FASTER, 2.99, False),
        (FASTER, 3, True),
        (FASTER, 9, True),
        (CHEAPER, 0.1, True),
        (CHEAPER, 0.4, True),
        (CHEAPER, 0.41, False),
    ],
)
def test_a_goal_is_met_in_its_own_direction_and_at_its_very_figure(target: Target, figure: float, met: bool) -> None:
    assert target.is_met_by(figure) is met


def test_a_row_says_target_goal_figure_verdict_and_command() -> None:
    _, faster, cheaper = target_lines([FASTER, CHEAPER], {FASTER: 4.567, CHEAPER: 0.5})
    assert cells(faster) == [FASTER.what, "at least 3", "4.57", "met", FASTER.command]
    assert cells(cheaper) == [CHEAPER.what, "at most 0.4", "0.5", "missed", CHEAPER.command]


def test_a_target_that_this_run_did_not_measure_has_no_figure_and_names_what_measures_it() -> None:
    _, row = target_lines([CHEAPER], {FASTER: 4.567})
    assert cells(row) == [CHEAPER.what, "at most 0.4", "-", "not measured", CHEAPER.command]


def test_a_figure_that_rounds_to_its_goal_is_still_missed() -> None:
    _, row = target_lines([CHEAPER], {CHEAPER: 0.4004})
    assert cells(row)[2:4] == ["0.4", "missed"]


def test_the_table_has_one_line_for_each_target_whatever_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    print_targets(TARGETS, {TARGETS[0]: 1.0})
    _, heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["target", "goal"]
    assert [cells(row)[0] for row in rows] == [target.what for target in TARGETS]


def test_no_two_targets_have_one_name() -> None:
    assert Counter(target.what for target in TARGETS).most_common(1)[0][1] == 1


def test_every_target_names_a_command_that_is_there() -> None:
    rules = re.findall(r"^([a-z-]+):", MAKEFILE.read_text(), re.MULTILINE)
    for command in {target.command for target in TARGETS}:
        program, *words = command.split()
        if program == "make":
            assert words[0] in rules
        else:
            assert (MAKEFILE.parent / words[1].replace(".", "/")).with_suffix(".py").is_file(), command
