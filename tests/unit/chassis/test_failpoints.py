"""A failpoint ends a process only in tests, and one that is written into the file only once."""

import os
from pathlib import Path

import pytest

from chassis import failpoints

POINT = "before commit"


class Ended(Exception):
    pass


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def end(status: int) -> None:
        raise Ended(status)

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("CHASSIS_CRASH_ONCE", str(tmp_path / "point"))
    return tmp_path / "point"


def test_a_point_in_the_file_ends_one_process_once(file: Path) -> None:
    failpoints.trigger_failpoint(POINT)
    file.write_text(POINT)
    failpoints.trigger_failpoint("after mark")
    with pytest.raises(Ended, match="137"):
        failpoints.trigger_failpoint(POINT)
    failpoints.trigger_failpoint(POINT)


def test_a_point_in_the_environment_ends_every_process(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASSIS_CRASH_AT", POINT)
    for _ in range(2):
        with pytest.raises(Ended, match="137"):
            failpoints.trigger_failpoint(POINT)
    failpoints.trigger_failpoint("after mark")


@pytest.mark.parametrize("environment", ["local", "production", ""])
def test_outside_tests_nothing_ends(file: Path, monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    file.write_text(POINT)
    monkeypatch.setenv("SUITE_ENV", environment)
    monkeypatch.setenv("CHASSIS_CRASH_AT", POINT)
    failpoints.trigger_failpoint(POINT)
    assert file.exists()
