"""The texts that are kept, held against the versions that the rule packs name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from chassis.kernel import Unavailable, get_markets
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import CarrierTexts
from services.documents.typesetting.text_folder import read_texts
from services.documents.usecases.check_texts import CheckTexts, TextFaults
from services.enrollment.rulebook import Rulebook
from tests.unit.services.documents.typesetting.test_text_folder import OWN, own_terms, write


class Named:
    """The rules, which name these versions in every state."""

    def __init__(self, versions: Mapping[str, Sequence[str]] | None = None) -> None:
        self._versions = versions

    def get_versions(self, state: str) -> Mapping[str, Sequence[str]]:
        if self._versions is None:
            raise Unavailable("no")
        return self._versions


def check(folder: Path | None, **versions: Sequence[str]) -> TextFaults:
    return CheckTexts(CarrierTexts(read_texts(folder), read_carriers()), Named(versions), ("IL", "TX"))()


def test_the_shipped_texts_are_those_of_the_shipped_packs() -> None:
    texts = CarrierTexts(read_texts(), read_carriers())
    for pack in Rulebook().loaded().packs:
        named = {kind: found.versions for kind, found in pack.disclosures.items() if found.holds_in("TX")}
        assert CheckTexts(texts, Named(named), ["TX"])() == TextFaults((), ())
    assert get_markets().states


def test_a_version_that_the_rules_name_and_nobody_keeps_is_named_by_state_and_language(tmp_path: Path) -> None:
    found = check(own_terms(tmp_path), terms=["2026.1", "2027.1"])
    assert found.missing == ("terms 2027.1 IL en", "terms 2027.1 IL es", "terms 2027.1 TX en", "terms 2027.1 TX es")


def test_a_version_newer_than_the_rules_is_told_and_an_older_one_is_not(tmp_path: Path) -> None:
    folder = write(own_terms(tmp_path), terms_2026_11_TX_md=OWN, terms_2026_11_TX_es_md=OWN)
    assert check(folder, terms=["2026.1"]) == TextFaults((), ("terms 2026.11 TX",))
    assert check(folder, terms=["2026.11"]).unused == ("terms 2026.1 IL",), "TX has the newer one, IL has not"


def test_rules_that_cannot_be_had_are_asked_again_later(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        CheckTexts(CarrierTexts(read_texts(), read_carriers()), Named(None), ["IL"])()
