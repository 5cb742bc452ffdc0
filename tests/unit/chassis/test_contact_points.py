"""Phone numbers and email addresses as they are typed."""

import pytest

from chassis.contact_points import Phone, is_email


@pytest.mark.parametrize(
    "typed", ["3125550142", "312-555-0142", "(312) 555-0142", "+1 312.555.0142", "1-312-555-0142", " 312 555 0142 "]
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert Phone.read(typed) == Phone("3125550142")


@pytest.mark.parametrize(
    "typed", ["312-555-0142 x123", "(312) 555-0142 ext. 123", "3125550142 extension 123", "312-555-0142 #123"]
)
def test_an_extension_is_read_and_printed(typed: str) -> None:
    assert Phone.read(typed) == Phone("3125550142", "123")
    assert str(Phone.read(typed)) == "(312) 555-0142 ext. 123"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "555-0142",
        "012-555-0142",
        "312-055-0142",
        "312-555-01423",
        "+44 20 7946 0958",
        "312-555-HELP",
        "home 312-555-0142",
        "312-555-0142 x",
        "312-555-0142 after five",
    ],
)
def test_a_phone_number_outside_north_america_is_not_read(typed: str) -> None:
    assert Phone.read(typed) is None


@pytest.mark.parametrize("typed", ["ada@example.com", "a.b+c@mail.example.org", "o'neil@example.com"])
def test_an_email_address_is_one(typed: str) -> None:
    assert is_email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@example",
        "ann@example..com",
        ".ann@example.com",
        "ann.@example.com",
        "ann@-example.com",
        "a b@example.com",
    ],
)
def test_an_address_that_no_mail_server_accepts_is_refused(typed: str) -> None:
    assert not is_email(typed)
