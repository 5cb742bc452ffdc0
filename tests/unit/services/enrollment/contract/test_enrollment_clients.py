"""A quote makes or finds the client."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel import Unavailable
from services.enrollment.domain.events import ClientCreated
from services.enrollment.events.outgoing import translate


def quoted(make: Any, first: str = "Ada", last: str = "Sample") -> Any:
    quote = make.quote()
    members = (*quote.members[:-1], replace(quote.members[-1], first_name=first, last_name=last))
    return replace(quote, members=members)


def test_a_quote_makes_its_primary_applicant_known_once(office: Any, make: Any) -> None:
    office.quotes.saved = quoted(make)
    for message in ("m-1", "m-1", "m-2"):
        office.hear_quote("enrollment.quote", message, "q-1")
    assert [type(event) for event in office.state.events] == [ClientCreated]
    [prospect] = office.state.prospects.values()
    assert (prospect.first_name, prospect.home_address.zip) == ("Ada", "60601")
    event = translate(office.state.events[0])
    assert "Ada" not in str(event.message) and "1987" not in str(event.message)


def test_a_quote_without_names_makes_nobody_known(office: Any, make: Any) -> None:
    office.quotes.saved = quoted(make, "Ada", "")
    office.hear_quote("enrollment.quote", "m-1", "q-1")
    assert not office.state.prospects and not office.state.events
    assert ("enrollment.quote", "m-1") in office.state.inbox


def test_while_quote_is_away_the_message_stays_to_be_heard(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_quote_id: str) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(office.quotes, "quote", away)
    with pytest.raises(Unavailable):
        office.hear_quote("enrollment.quote", "m-1", "q-1")
    assert not office.state.inbox
