"""A failpoint ends a process only in tests, and one that is written into the file only once."""

import os
from functools import partial
from pathlib import Path
from typing import Any

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


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses with which the process would have ended."""
    found: list[int] = []
    monkeypatch.setattr(os, "_exit", found.append)
    return found


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """In which two points are written."""
    (tmp_path / "points").write_text(f"{POINT}\nafter inbox before commit\n")
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("CHASSIS_CRASH_EACH", str(tmp_path))
    return tmp_path


def marks(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - {"points"}


def test_each_act_ends_a_process_there_once(folder: Path, exits: list[int]) -> None:
    for act in ("quote", "quote", "pcp", "quote"):
        failpoints.trigger_failpoint(POINT, act)
    failpoints.trigger_failpoint("after mark", "quote")
    failpoints.trigger_failpoint(POINT, "payment", has_effect=False)
    assert exits == [137, 137]
    again = {failpoints.return_of(POINT, act) for act in ("quote", "pcp")}
    assert marks(folder) - again == {failpoints.mark_of(POINT, act) for act in ("quote", "pcp")}


def test_what_gets_there_again_is_told_even_when_it_has_nothing_left_to_do(folder: Path, exits: list[int]) -> None:
    again = folder / failpoints.return_of(POINT, "quote")
    failpoints.trigger_failpoint(POINT, "quote", has_effect=False)
    assert not again.exists()
    for has_effect in (True, False):
        failpoints.trigger_failpoint(POINT, "quote", has_effect=has_effect)
    assert again.exists()
    assert exits == [137]


def test_nothing_is_watched_but_that_point_and_in_tests(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failpoints.is_watched(POINT)
    assert not failpoints.is_watched("after mark")
    monkeypatch.setenv("SUITE_ENV", "production")
    assert not failpoints.is_watched(POINT)


def test_an_act_is_the_outermost_use_case_or_a_function_of_the_gateway(folder: Path, exits: list[int]) -> None:
    def code_in(module: str, source: str, **names: object) -> dict[str, Any]:
        space = {"__name__": module, **names}
        exec(source, space)  # noqa: S102  # a module of that name, made here
        return space

    trigger = partial(failpoints.trigger_failpoint, POINT)
    call = "class {}:\n    def __call__(self):\n        inner()"
    used = code_in("services.quote.usecases.used", call.format("Used"), inner=trigger)
    user = code_in("services.quote.usecases.user", call.format("User"), inner=used["Used"]())
    user["User"]()()
    own = "def hold():\n    inner()"
    held = code_in("gateway.store.database", own, inner=trigger)
    code_in("gateway.identity.sign_in", own, inner=held["hold"])["hold"]()
    acts = ("quote.User", "gateway.identity.sign_in.hold")
    again = {failpoints.return_of(POINT, act) for act in acts}
    assert marks(folder) - again == {failpoints.mark_of(POINT, act) for act in acts}
