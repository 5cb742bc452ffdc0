"""The stages of set-up: what is up to date is left alone, what cannot go on says what to do."""

import os
import sys
from pathlib import Path

import pytest

from deploy.local import setup


@pytest.fixture
def runs() -> list[str]:
    return []


def run_stage(folder: Path, runs: list[str], lock: str) -> None:
    (folder / "lock").write_text(lock)
    setup.stage("packages", folder / ".stamp", ["python 3.11", folder / "lock"], lambda: runs.append(lock))


def test_a_stage_with_unchanged_inputs_is_skipped(tmp_path: Path, runs: list[str]) -> None:
    run_stage(tmp_path, runs, "a")
    run_stage(tmp_path, runs, "a")
    assert runs == ["a"]


def test_a_changed_lock_runs_the_stage_again(tmp_path: Path, runs: list[str]) -> None:
    run_stage(tmp_path, runs, "a")
    run_stage(tmp_path, runs, "b")
    assert runs == ["a", "b"]


def test_a_stage_that_failed_runs_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise setup.Trouble("no network")

    with pytest.raises(setup.Trouble):
        setup.stage("packages", tmp_path / ".stamp", ["x"], fail)
    assert not (tmp_path / ".stamp").exists()


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_an_unsupported_python_is_refused_with_the_way_out(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(setup.Trouble, match=r"make PYTHON=python3\.11"):
        setup.check_python()


def test_a_person_without_root_is_told_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(setup.Trouble, match="apt-get install python3-venv"):
        setup.install_ensurepip()


def test_a_failed_command_names_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    with pytest.raises(setup.Trouble, match=r"could not be installed \(see .*setup\.log\)"):
        setup.run([sys.executable, "-c", "print('why'); raise SystemExit(1)"], "It could not be installed")
    assert "why" in (tmp_path / "setup.log").read_text()
