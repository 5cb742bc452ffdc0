"""Domain: generational suffixes of names, which an 834 keeps apart from the last name (NM107)."""

from __future__ import annotations

SUFFIXES = ("Jr.", "Sr.", "II", "III", "IV", "V")
_BY_LETTERS = {suffix.rstrip(".").casefold(): suffix for suffix in SUFFIXES}


def read_suffix(typed: str) -> str:
    """As it is kept: "jr" is "Jr."; what is none of them comes back as it is, to be refused."""
    return _BY_LETTERS.get(typed.strip().rstrip(".").casefold(), typed.strip())


def split_suffix(last_name: str) -> tuple[str, str]:
    """Last name and suffix of "Sample, Jr." as quotes hold it; the suffix is empty where there is none."""
    name, _, ending = last_name.strip().rpartition(" ")
    suffix = read_suffix(ending)
    return (name.rstrip(", "), suffix) if name.rstrip(", ") and suffix in SUFFIXES else (last_name, "")
