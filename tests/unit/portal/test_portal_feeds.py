"""What the operator's command takes for a feed, and what it refuses with a sentence."""

import pytest
from typer.testing import CliRunner

from portal.__main__ import app
from portal.feeds import FeedError, choose_event_types

RUNNER = CliRunner()
SUBMITTED = "enrollment.application.submitted.v1"


def test_a_type_or_a_pattern_chooses_event_types_of_the_contracts() -> None:
    assert choose_event_types([SUBMITTED]) == [SUBMITTED]
    chosen = choose_event_types(["payment.*", "pcp.assignment.made.v1", SUBMITTED])
    assert {one.split(".")[0] for one in chosen} == {"enrollment", "payment", "pcp"}
    assert chosen == sorted(set(chosen))


@pytest.mark.parametrize("pattern", ["enrollment.application.submited.v1", "", "gateway.*"])
def test_a_type_that_no_contract_has_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(FeedError, match="No event is called"):
        choose_event_types([SUBMITTED, pattern])


@pytest.mark.parametrize("name", ["", "Carrier", "a.dead", "-a", "a-", "a b", "x" * 64])
def test_a_name_that_would_be_no_queue_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("AMQP_URL", "amqp://nobody:nothing@127.0.0.1:1/")
    for service in ("QUOTE", "ENROLLMENT", "PCP", "PAYMENT", "DOCUMENTS"):
        monkeypatch.setenv(f"{service}_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    done = RUNNER.invoke(app, ["feed", "add", "--event", SUBMITTED, "--", name])
    assert done.exit_code == 2
    assert "is no name of a feed" in done.output


def test_without_a_broker_it_says_which_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMQP_URL", raising=False)
    done = RUNNER.invoke(app, ["feed", "list"])
    assert done.exit_code == 2
    assert "AMQP_URL is empty" in done.output
