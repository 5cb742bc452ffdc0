"""Migrations and seeds before the processes start: round after round, the commands of one round side by side."""

import sys
import time
from pathlib import Path

import pytest

from deploy.local.children import ProcessSpec
from deploy.local.errors import LocalSuiteError
from deploy.local.preparation import run_preparations

WAIT_FOR_THE_OTHER = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
mine.touch()
end = time.monotonic() + 30
while not other.exists():
    assert time.monotonic() < end
    time.sleep(0.01)
"""


def command(name: str, script: str, *arguments: Path) -> ProcessSpec:
    return ProcessSpec(name, argv=(sys.executable, "-c", script, *map(str, arguments)))


def test_commands_of_one_round_run_side_by_side(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    run_preparations(
        [[command("a", WAIT_FOR_THE_OTHER, one, other), command("b", WAIT_FOR_THE_OTHER, other, one)]], tmp_path
    )


def test_a_round_begins_when_the_one_before_has_ended(tmp_path: Path) -> None:
    made = tmp_path / "made"
    make = "import pathlib, sys, time; time.sleep(0.3); pathlib.Path(sys.argv[1]).touch()"
    read = "import pathlib, sys; assert pathlib.Path(sys.argv[1]).exists()"
    run_preparations([[command("a", make, made)], [command("b", read, made)]], tmp_path)


def test_a_command_that_fails_tells_its_own_last_line_and_ends_the_others(tmp_path: Path) -> None:
    begun = time.monotonic()
    fail = "raise SystemExit('no such database')"
    with pytest.raises(LocalSuiteError, match=r"failed: no such database \(see .*gateway\.log\)"):
        run_preparations(
            [
                [
                    command("gateway", fail),
                    command("services", "import time; print('fine', flush=True); time.sleep(60)"),
                ],
                [command("services", "open('late', 'w')")],
            ],
            tmp_path,
        )
    assert time.monotonic() - begun < 30  # half of what the other would have taken
    assert not (tmp_path / "late").exists()


def test_the_last_line_of_an_earlier_start_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(LocalSuiteError, match="no such database"):
        run_preparations([[command("gateway", "raise SystemExit('no such database')")]], tmp_path)
    with pytest.raises(LocalSuiteError, match="nothing in its log"):
        run_preparations([[command("gateway", "raise SystemExit(3)")]], tmp_path)
