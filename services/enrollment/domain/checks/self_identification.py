"""Domain: step 2, language, ethnicity and identity; optional, of a known set of categories (R54-R57, rules.md 9)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chassis.kernel import Problem
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.self_identification import SelfIdentification


def find_invalid(prefix: str, given: SelfIdentification | None, c: Circumstances) -> Iterator[Problem]:
    if given is None:
        return
    offered = c.pack.identity_schemes
    scheme = next((one for one in offered if one.scheme == given.scheme), None)
    if scheme is None:
        names = ", ".join(one.scheme for one in offered)
        yield Problem(f"{prefix}scheme", f"Use the categories of one of these sets: {names}.", "R55")
        return
    yield from _known(f"{prefix}spoken_language", _one(given.spoken_language), scheme.languages, "R54")
    yield from _known(f"{prefix}written_language", _one(given.written_language), scheme.languages, "R54")
    yield from _known(f"{prefix}ethnicities", given.ethnicities, scheme.ethnicities, "R55")
    yield from _known(f"{prefix}identities", given.identities, scheme.identities, "R56")


def _one(code: str) -> tuple[str, ...]:
    return (code,) if code else ()


def _known(field: str, codes: tuple[str, ...], offered: Collection[str], rule: str) -> Iterator[Problem]:
    if not set(codes) <= set(offered):
        yield Problem(field, "Choose one of the offered answers, or leave it out.", rule)
    elif len(set(codes)) < len(codes):
        yield Problem(field, "List each answer only once.", rule)
