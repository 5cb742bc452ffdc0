"""What lists sort and search by."""

from services.enrollment.domain.application_list import LONGEST_KEY, fold_text, name_key


def test_a_name_is_sorted_the_same_however_it_was_typed() -> None:
    assert name_key("Sample ", "ADA") == name_key("sAmple", " Ada") == "sample ada"
    assert fold_text("Sample, Ada") == "sample ada"


def test_a_key_stays_short_whatever_its_letters_become() -> None:
    """U+FDFA is one letter that becomes eighteen."""
    assert len(fold_text("\ufdfa")) == 18
    assert len(name_key("\ufdfa" * 100, "\ufdfa" * 100)) == LONGEST_KEY
