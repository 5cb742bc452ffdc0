"""What a name may be made of: whatever its script is spelled with, and nothing that cannot be seen."""

import re

import pytest

from chassis.kernel.names import fold_name
from services.documents.domain.edi.segments import write_value
from services.enrollment.domain.checks.text import check_834_text, check_email, check_required, check_text


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\u0dc1\u0dca\u200d\u0dbb\u0dd3", id="Sinhala, with a joiner"),
        pytest.param("\u0645\u06cc\u200c\u0646\u0627", id="Persian, with a non-joiner"),
        pytest.param("\U0001f468\u200d\U0001f469\u200d\U0001f467", id="emoji of a family"),
        pytest.param("\U0001f3f3\ufe0f\u200d\U0001f308", id="emoji of a flag"),
    ],
)
def test_a_joiner_between_two_signs_is_taken(name: str) -> None:
    assert list(check_text("first_name", name)) == []


@pytest.mark.parametrize(
    "name", ["\u200d", "Ann\u200d", "\u200cAnn", "Ann \u200dLee", "a\u200d\u200db", "a\u202eb", "a\u200bb"]
)
def test_invisible_characters_in_a_name_are_refused(name: str) -> None:
    [problem] = check_text("first_name", name)
    assert problem.message == "Remove the characters that cannot be printed."


@pytest.mark.parametrize(
    "company",
    ["", "Smith & Sons (West), Inc.", "Núñez + Søn", "O\u2019Brien\u2013Lee", "7-Eleven #12", "P-17/3", "Toys*Games!"],
)
def test_a_company_is_named_as_companies_name_themselves(company: str) -> None:
    assert list(check_834_text("insurer", company, "R73")) == []


@pytest.mark.parametrize(
    "company",
    [
        "<b>",
        "Acme \U0001f600",
        "a{b}",
        "a|b",
        "a\\b",
        "a~b",
        "a^b",
        "\u20ac5",
    ],
)
def test_what_no_834_carries_is_named_beside_the_field(company: str) -> None:
    [problem] = check_834_text("insurer", company, "R73")
    assert (problem.field, problem.rule) == ("insurer", "R73")
    assert problem.message.startswith("Use Latin letters (A to Z, accents are fine), digits, spaces")


@pytest.mark.parametrize(
    "street", ["\u0410\u043a\u043c\u0435", "\u4fdd\u9669", "1 \u041b\u0435\u043d\u0438\u043d\u0430 <b>"]
)
def test_another_script_in_an_address_is_refused_with_the_alphabet_to_write_it_in(street: str) -> None:
    [problem] = check_834_text("home_address.street", street, "R47")
    assert problem.message.startswith("Write this in Latin letters (A to Z, accents are fine)")


@pytest.mark.parametrize("name", ["group_id", "insurer", "policy_number", "member_number", "zip", "street"])
def test_what_is_missing_is_asked_for_in_words_and_not_by_the_name_of_a_field(name: str) -> None:
    [problem] = check_required("", {name: ""}, "R75")
    assert "_" not in problem.message and not re.search(r"\b(id|zip)\b", problem.message)


def test_whatever_is_taken_can_be_written_into_an_834() -> None:
    taken = [one for one in map(chr, range(0x10000)) if not list(check_834_text("street", f"1 {one} St", "R47"))]
    assert {"a", "\u00f1", "#"} < set(taken)
    for one in taken:
        write_value("N3", f"1 {one} St")  # raises on what an 834 cannot carry


@pytest.mark.parametrize("email", ["", "Ada.O'Neil+1@mail.example.org", "a_{b|c}-d!#$%&/=?@example.com"])
def test_an_email_address_that_is_taken_stands_unchanged_in_an_834(email: str) -> None:
    assert list(check_email("contact.email", email)) == []
    assert write_value("PER", email) == email


@pytest.mark.parametrize("email", ["zo\u00eb@example.com", "\u043d\u0435@example.com", "ada@b\u00fccher.example.com"])
def test_an_email_address_of_letters_that_no_834_carries_is_named_beside_the_field(email: str) -> None:
    [problem] = check_email("contact.email", email)
    assert (problem.field, problem.rule) == ("contact.email", "R50")
    assert problem.message.startswith("Enter an email address of letters A to Z without accents")


@pytest.mark.parametrize("sign", ["*", "^", "~", "`"])
def test_an_email_address_with_a_sign_that_an_834_changes_is_refused(sign: str) -> None:
    email = f"ada{sign}b@example.com"
    assert write_value("PER", email) != email
    assert len(list(check_email("contact.email", email))) == 1


def test_one_name_with_and_without_its_joiner_is_one_name() -> None:
    assert fold_name("\u0dc1\u0dca\u200d\u0dbb\u0dd3") == fold_name("\u0dc1\u0dca\u0dbb\u0dd3")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("group_id", "Enter the group ID."),
        ("relationship_to_applicant", "Enter the relationship to the applicant."),
        ("last_name", "Enter the last name."),
    ],
)
def test_an_empty_field_is_asked_for_in_the_words_of_its_label(name: str, message: str) -> None:
    assert [problem.message for problem in check_required("x.", {name: ""}, "R75")] == [message]
