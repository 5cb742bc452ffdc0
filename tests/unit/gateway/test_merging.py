"""Two people, or two tabs, with one application: nothing is overwritten without a question."""

from __future__ import annotations

import pytest

from gateway.pages.forms.merging import EditConflict, merge_values, read_base, write_base

SHOWN = {"phone": "1", "city": "Chicago", "email": ""}


def test_what_only_one_of_two_changed_is_kept_from_both() -> None:
    merged = merge_values(SHOWN, SHOWN | {"phone": "2"}, SHOWN | {"city": "Peoria"})
    assert (merged.values, merged.conflicts) == ({"phone": "2", "city": "Peoria", "email": ""}, ())


def test_a_field_that_both_changed_is_a_question() -> None:
    merged = merge_values(SHOWN, SHOWN | {"phone": "2"}, SHOWN | {"phone": "3"})
    assert merged.conflicts == (EditConflict("phone", "2", "3"),)
    assert merged.values["phone"] == "2"


def test_the_same_change_twice_is_no_question() -> None:
    assert not merge_values(SHOWN, SHOWN | {"phone": "2"}, SHOWN | {"phone": "2"}).conflicts


def test_an_answer_that_was_taken_away_elsewhere_is_a_change_too() -> None:
    merged = merge_values(SHOWN, SHOWN | {"city": "Joliet"}, SHOWN | {"city": ""})
    assert merged.conflicts == (EditConflict("city", "Joliet", ""),)


def test_fields_of_other_pages_are_left_as_they_are() -> None:
    assert "name" not in merge_values(SHOWN, SHOWN, SHOWN | {"name": "Kim"}).values


def test_only_what_the_other_side_alone_changed_counts_as_taken() -> None:
    saved = SHOWN | {"phone": "3", "city": "Peoria", "name": "Kim"}
    assert merge_values(SHOWN, SHOWN | {"phone": "2"}, saved).taken == ("city",)
    assert merge_values(SHOWN, SHOWN | {"city": "Peoria", "phone": "3"}, saved).taken == ()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 50_000, '{"phone": '])
def test_what_no_page_of_ours_remembered_is_nothing(text: str) -> None:
    assert read_base(text) == {}
    assert read_base(write_base(SHOWN)) == SHOWN
