"""Texts as the contract hands them out."""

import pytest
from suite.documents.v1 import documents_service_pb2
from suite.documents.v1 import texts_pb2 as pb

from chassis.identity import Caller, CallerKind
from chassis.kernel import InvalidInput, NotFound, get_markets
from tests.unit.services.documents.fakes import FakeWork, documents_contract

ANYBODY = Caller(CallerKind.PRODUCER, "producer@example.com")


def ask(kind: str, state: str = "IL", version: str = "") -> pb.LegalText:
    request = pb.GetTextRequest(kind=kind, state=state, text_version=version)
    return documents_contract(FakeWork()).get_text(request, ANYBODY).text


def test_a_text_comes_in_sections_in_the_name_of_the_states_carrier() -> None:
    terms = ask("terms")
    assert (terms.kind, terms.version, terms.state, terms.title) == ("terms", "2026.1", "IL", "Terms and Agreements")
    assert terms.sections[1].heading == "Acknowledgments"
    assert [one.item for one in terms.sections[1].paragraphs[:2]] == [False, True]
    assert "age and geographic" in str(terms.sections)
    assert "age and geographic" not in str(ask("terms", "OK").sections)
    assert "Blue Cross and Blue Shield of Texas" in str(ask("proxy", "TX").sections)
    assert terms.sample_notice


@pytest.mark.parametrize("state", sorted(get_markets().states))
def test_the_terms_of_every_state_say_when_coverage_begins_and_who_may_pay(state: str) -> None:
    terms = ask("terms", state)
    said = " ".join(paragraph.text for section in terms.sections for paragraph in section.paragraphs)
    assert "only after the effective date has come and the first month's premium has been paid" in said
    assert "30 days' written notice" in said and "The plan is a personal expense" in said
    for payer in (
        "Ryan White HIV/AIDS program under title XXVI",
        "Indian tribe, tribal organization or urban Indian organization",
        "local, state or federal government programs",
        "not-for-profit foundation",
        "trust, a holder of a power of attorney, or a legal guardian",
        "payroll deduction without a contribution of its own, or under an ICHRA or QSEHRA",
        "a service that coordinates payments of third parties",
    ):
        assert payer in said


def test_a_short_text_is_one_section_without_heading() -> None:
    [section] = ask("text-messages").sections
    assert section.heading == ""


@pytest.mark.parametrize(
    ("kind", "state", "version"),
    [("terms", "IL", "2019.1"), ("terms", "CA", ""), ("consumer-choice", "IL", ""), ("../terms", "IL", "")],
)
def test_an_unknown_kind_state_or_version_is_not_found(kind: str, state: str, version: str) -> None:
    with pytest.raises(NotFound) as refused:
        ask(kind, state, version)
    assert kind not in refused.value.message


def test_kind_and_state_have_to_be_given() -> None:
    from chassis.contract import require_fields

    assert documents_service_pb2.DESCRIPTOR.services_by_name["DocumentsService"].methods_by_name["GetText"]
    with pytest.raises(InvalidInput) as refused:
        require_fields(pb.GetTextRequest())
    assert [one.field for one in refused.value.problems] == ["kind", "state"]
