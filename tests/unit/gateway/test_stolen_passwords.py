"""Passwords of a list of stolen ones are refused; a file that is no such list stops the start."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from chassis.kernel import InvalidInput, Unavailable
from chassis.settings import SettingsError
from gateway.identity.composition import load_stolen_passwords
from gateway.identity.stolen_passwords import BadPasswordFile, StolenPasswords
from gateway.settings import load_web

# Lines of different lengths, as counts make them.
STOLEN = [f"stolen password {number}" for number in range(300)]


def hash_of(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def write_list(folder: Path, end: str = "\n", last: str = "\n", *, counts: bool = True) -> Path:
    lines = sorted(hash_of(password) for password in STOLEN)
    told = [f"{line}:{7 ** (number % 9)}" if counts else line for number, line in enumerate(lines)]
    (folder / "stolen.txt").write_text(end.join(told) + last, newline="")
    return folder / "stolen.txt"


@pytest.mark.parametrize(("end", "last", "counts"), [("\n", "\n", True), ("\r\n", "", True), ("\n", "", False)])
def test_every_password_of_the_list_is_found_and_no_other(tmp_path: Path, end: str, last: str, counts: bool) -> None:
    stolen = StolenPasswords(write_list(tmp_path, end, last, counts=counts))
    assert [password for password in STOLEN if password not in stolen] == []
    assert [number for number in range(300) if f"my own {number}" in stolen] == []


def test_such_a_password_is_refused_at_its_field_in_plain_words(tmp_path: Path) -> None:
    stolen = StolenPasswords(write_list(tmp_path))
    with pytest.raises(InvalidInput) as refused:
        stolen.refuse(STOLEN[0], "new_password")
    [problem] = refused.value.problems
    assert (problem.field, STOLEN[0] in problem.message) == ("new_password", False)
    stolen.refuse("my own", "new_password")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "password\n123456\n",
        f"{hash_of('b')}:1\n{hash_of('a')}:2\n" * 20,
        "\n".join(sorted([hash_of("a"), hash_of("b")])) + "\nnot a hash\n",
    ],
)
def test_a_file_that_is_no_such_list_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "list.txt").write_text(content)
    with pytest.raises(BadPasswordFile, match="is no list of SHA-1 hashes"):
        StolenPasswords(tmp_path / "list.txt")


def test_the_start_says_what_is_wrong_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("STOLEN_PASSWORDS", str(tmp_path / "missing.txt"))
    with pytest.raises(SettingsError, match=r"STOLEN_PASSWORDS: .*missing.txt cannot be read"):
        load_stolen_passwords(load_web())
    monkeypatch.setenv("STOLEN_PASSWORDS", str(write_list(tmp_path)))
    assert load_stolen_passwords(load_web())
    monkeypatch.delenv("STOLEN_PASSWORDS")
    assert load_stolen_passwords(load_web()) is None


def test_a_file_that_is_gone_lets_no_password_through(tmp_path: Path) -> None:
    path = write_list(tmp_path)
    stolen = StolenPasswords(path)
    path.unlink()
    with pytest.raises(Unavailable):
        stolen.refuse("my own", "new_password")
