"""Who has signed a review by typing a name: the person of the application, not one of nearly that name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from chassis.kernel import InvalidInput
from services.enrollment.domain.review_signing import find_signer


def application_of(name: str) -> Any:
    signatures = SimpleNamespace(guardian=None, authorized_representative=None)
    return SimpleNamespace(applicant_name=name, signatures=signatures)


@pytest.mark.parametrize(
    "typed",
    ["Jane Q Sample Jr.", "jane q. sample jr.", "Jane Q Sample", "Jane Sample", "Jane Sample Jr.", "JANE SAMPLE"],
)
def test_a_middle_initial_and_a_suffix_may_be_left_out(typed: str) -> None:
    assert find_signer(application_of("Jane Q Sample Jr."), typed).name == "Jane Q Sample Jr."


@pytest.mark.parametrize(
    "typed", ["Jane X Sample", "Jane Quinn Sample", "Jane", "Sample", "Jan Sample", "", "Jane Q X Sample"]
)
def test_another_name_signs_for_nobody(typed: str) -> None:
    with pytest.raises(InvalidInput):
        find_signer(application_of("Jane Q Sample Jr."), typed)
