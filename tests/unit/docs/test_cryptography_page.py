"""docs/reference/cryptography.md is an inventory of keys, of what is derived from them, and of algorithms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/reference/cryptography.md").read_text()
SETTINGS = (ROOT / "docs/reference/settings.md").read_text()
CODE = {
    str(path.relative_to(ROOT)): path.read_text()
    for folder in ("chassis", "services", "gateway", "portal")
    for path in (ROOT / folder).rglob("*.py")
}
IMPORT = re.compile(
    r"^\s*(?:from|import) (?:cryptography|argon2|joserfc|hashlib|hmac|pyotp|ssl|signxml)\b", re.MULTILINE
)
PURPOSES = (r'PURPOSE = "(.+?)"', r'derive_key\([^"\n]*"(.+?)"\)', r'for_purpose\("(.+?)"\)')
# Of an address to a server for development, which has no key of the suite.
NO_KEY = {"DATABASE_URL"}


def words_of(heading: str, column: int) -> set[str]:
    """Everything between backticks in one column of a section's tables."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row[column])}


def find_secret_settings(settings: str) -> set[str]:
    secrets = set(re.findall(r"^\| `([A-Z_<>]+)` \| secret \|", settings, re.MULTILINE))
    return secrets | set(re.findall(r"^\| `([A-Z_]+_KEY_FILE)` \| plain \|", settings, re.MULTILINE))


def find_purposes(code: str) -> set[str]:
    return {purpose for pattern in PURPOSES for purpose in re.findall(pattern, code)}


def test_every_key_among_the_settings_is_listed() -> None:
    """Those of the page of settings, which has every variable that a process reads (test_settings_page)."""
    listed = {word for word in words_of("Keys", 0) if re.fullmatch(r"[A-Z_<>]+", word)}
    assert listed == find_secret_settings(SETTINGS) - NO_KEY


def test_every_purpose_of_a_derived_key_is_listed() -> None:
    listed = {word for word in words_of("Keys", 0) if not re.fullmatch(r"[A-Z_<>]+", word)}
    assert listed == find_purposes("".join(CODE.values()))


def test_every_place_that_uses_cryptography_is_listed() -> None:
    assert words_of("Algorithms", 2) == {path for path, code in CODE.items() if IMPORT.search(code)}


def test_no_other_digest_than_sha256_is_used() -> None:
    """But of authenticator apps, for which pyotp has SHA-1 itself, and of a list that comes with it."""
    listed = "gateway/identity/stolen_passwords.py"
    used = {name for path, code in CODE.items() if path != listed for name in re.findall(r"hashlib\.(\w+)", code)}
    assert used == {"sha256", "file_digest"}
    assert set(re.findall(r"file_digest\(\w+, (.+?)\)", "".join(CODE.values()))) == {'"sha256"'}


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (find_purposes, 'LINK_KEY_PURPOSE = "new"'),
        (find_purposes, 'LocalKey(derive_key(identity_key, "new"))'),
        (find_purposes, 'keys.for_purpose("new")'),
        (find_secret_settings, "| `NEW_KEY` | secret | none | |"),
        (IMPORT.findall, "from cryptography.x509 import load"),
    ],
)
def test_what_is_new_is_found(found: object, text: str) -> None:
    """The control."""
    assert callable(found) and found(text)
