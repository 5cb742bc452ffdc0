from datetime import date

from chassis.kernel import Money
from services.documents.typesetting.formatting import (
    NOT_GIVEN,
    REPLACEMENT,
    format_dollars,
    format_phone,
    format_text,
    keep_printable,
    masked_ssn,
)
from services.documents.typesetting.printed_words import get_printed_words


def test_values_print_as_pages_show_them() -> None:
    assert get_printed_words("application", "en").day(date(2026, 4, 1)) == "4/1/2026"
    assert format_dollars(Money(145881)) == "$1,458.81"
    assert format_dollars(Money(0)) == "$0.00"
    assert format_phone("312.555.0100") == "(312) 555-0100"
    assert format_phone("312-555-0100 x12") == "(312) 555-0100 ext. 12"
    assert masked_ssn("1120") == "•••-••-1120"


def test_an_empty_value_prints_as_a_dash() -> None:
    assert [
        get_printed_words("application", "es").day(None),
        format_dollars(None),
        format_text("  "),
        format_phone(""),
        masked_ssn(""),
    ] == [NOT_GIVEN] * 5


def test_control_characters_never_reach_the_page() -> None:
    assert keep_printable("a\x00b\nc\ud800d\ue000") == f"a b c{REPLACEMENT}d{REPLACEMENT}"
