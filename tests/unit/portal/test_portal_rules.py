"""``portal rules``, as an operator runs it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from portal.__main__ import app


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("SUITE_ENV", "test")
    return monkeypatch


def test_dates_checked_within_90_days_exit_with_0(on: pytest.MonkeyPatch) -> None:
    on.setenv("SUITE_TODAY", "2026-11-28")
    done = CliRunner().invoke(app, ["rules"])
    assert done.exit_code == 0
    assert done.output.count("no: federal") == 2  # IL and NM


def test_dates_unchecked_for_90_days_in_season_exit_with_1_and_name_the_state(on: pytest.MonkeyPatch) -> None:
    on.setenv("SUITE_TODAY", "2027-11-28")
    done = CliRunner().invoke(app, ["rules"])
    assert done.exit_code == 1
    assert "IL: the open enrollment days for 2028 were last checked on 11/28/2026" in " ".join(done.output.split())


def test_outside_all_seasons_there_is_nothing_to_check(on: pytest.MonkeyPatch) -> None:
    on.setenv("SUITE_TODAY", "2027-05-20")
    done = CliRunner().invoke(app, ["rules"])
    assert done.exit_code == 0
    assert "no open enrollment is under way or coming up" in done.output


def test_rules_that_cannot_be_read_exit_with_2_and_the_place(on: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "open_enrollment.2.yaml").write_text("open_enrollment: [")
    on.setenv("ENROLLMENT_RULES_FOLDER", str(tmp_path))
    done = CliRunner().invoke(app, ["rules"])
    assert done.exit_code == 2
    assert "open_enrollment.2.yaml cannot be read" in " ".join(done.output.split())


def test_help_of_portal_lists_its_commands() -> None:
    assert "rules" in CliRunner().invoke(app, ["--help"]).output
