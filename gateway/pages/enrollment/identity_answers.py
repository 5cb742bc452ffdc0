"""Language, ethnicity and identity of a person in words (R54-R57), by the set of categories that was answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from suite.enrollment.v1 import rules_pb2, steps_pb2


def describe_identity(person: steps_pb2.Person, rules: rules_pb2.EnrollmentRules) -> Iterator[tuple[str, str]]:
    """Question and answer, of those that were answered."""
    answered = person.self_identification
    schemes = rules.identity_schemes
    scheme = next((one for one in schemes if one.scheme == answered.scheme), schemes[-1] if schemes else None)
    if scheme is None:
        return
    languages = {one.code: one.label for one in scheme.languages}
    identities = {one.code: one.label for one in (*scheme.ethnicities, *scheme.identities)}
    for question, code in (
        ("Spoken language", answered.spoken_language),
        ("Written language", answered.written_language),
    ):
        if code:
            yield question, languages.get(code, code)
    if chosen := [*answered.ethnicities, *answered.identities]:
        yield "Ethnicity and identity", _join(identities.get(code, code) for code in chosen)


def _join(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(labels))  # "Other" stands under both questions
