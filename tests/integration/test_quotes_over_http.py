"""Saved quotes over HTTP: lists, copies, requotes, share links, proposals, prospects, exchanges."""

from __future__ import annotations

import email
import email.policy
import io
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import create_engine, text

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.suite import LocalSuite

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
PLACES = {
    "IL": ("220002580", "60601", "17031"),
    "MT": ("330004116", "59601", "30049"),
    "NM": ("440001937", "87102", "35001"),
    "OK": ("550007246", "73102", "40109"),
    "TX": ("107864325", "75201", "48113"),
}
# How long an event may take to cross the bus.
PATIENCE_SECONDS = 30.0
RECEIVER = "ada.secret@example.com"


@pytest.fixture
def stranger(suite: LocalSuite) -> Iterator[Api]:
    with closing(Api(suite.ports.portal_url)) as client:
        client.sign_in("other.producer@example.com", "demo")
        yield client


@pytest.fixture(scope="module")
def public(suite: LocalSuite) -> Iterator[httpx.Client]:
    """Somebody without a sign-in."""
    with httpx.Client(base_url=suite.ports.portal_url, timeout=20) as client:
        yield client


def someone(last_name: str, **more: Any) -> dict[str, Any]:
    person = {"relationship": "self", "date_of_birth": "1987-06-14", "sex": "female", "tobacco_use": True}
    return {**person, "first_name": "Ada", "last_name": last_name, **more}


def quoted(api: Api, state: str = "IL", last_name: str = "", day: date = TODAY, **more: Any) -> dict[str, Any]:
    number, zip_code, county = PLACES[state]
    child = someone("Sample", relationship="child", date_of_birth="2019-09-03", first_name="Cal", tobacco_use=False)
    body = {
        "writing_number": number,
        "state": state,
        "zip": zip_code,
        "county_fips": county,
        "effective_date": day.isoformat(),
        "members": [someone(last_name or unique()), child],
    }
    made: dict[str, Any] = api.post("/quotes", {**body, **more})
    return made


def chosen(api: Api, quote: dict[str, Any], exchange: str = "off") -> dict[str, Any]:
    names = ("state", "zip", "effective_date", "members")
    asked = {name: quote[name] for name in names} | {"county_fips": quote["county"]["fips"]}
    found = api.post("/plan-searches", {**asked, "coverage": "medical", "exchange": exchange})
    selection = {"medical_plan_id": found["plans"][0]["plan_id"]}
    saved: dict[str, Any] = api.put(f"/quotes/{quote['quote_id']}/selection", selection, quote["version"])
    return saved


def unique() -> str:
    # letters alone: a name with digits is refused
    return "Test" + "".join(chr(ord("a") + byte % 26) for byte in uuid.uuid4().bytes)


def refusal(call: Callable[..., Any], *arguments: Any, **query: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*arguments, **query)
    assert refused.value.problem["detail"]
    return refused.value


def delete(public: httpx.Client, api: Api, path: str) -> httpx.Response:
    return public.delete(f"/api/v1{path}", headers={"Authorization": f"Bearer {api.token}"})


@pytest.mark.parametrize(
    ("state", "target"), [("IL", "SBE"), ("NM", "SBE"), ("MT", "ISP"), ("OK", "ISP"), ("TX", "ISP")]
)
def test_on_exchange_plans_lead_to_the_exchange_of_the_state(api: Api, state: str, target: str) -> None:
    quote = chosen(api, quoted(api, state), "on")
    assert (quote["exchange"], quote["exchange_target"]) == ("on", target)

    answer = api.post(f"/quotes/{quote['quote_id']}/enrollment")

    assert answer["outcome"] == "on_exchange_redirect"
    assert (answer["exchange_target"], answer["then_show"]) == (target, "quotes")
    assert answer["exchange_url"].startswith("https://")
    assert answer["application"] is None


def test_a_delegate_enrolls_off_the_exchange_and_not_on_it(api: Api, delegate: Api) -> None:
    on, off = chosen(api, quoted(api), "on"), chosen(api, quoted(api))

    refused = refusal(delegate.post, f"/quotes/{on['quote_id']}/enrollment")

    assert (refused.status, refused.problem["code"]) == (403, "forbidden")
    assert delegate.post(f"/quotes/{off['quote_id']}/enrollment")["outcome"] == "started"


def test_a_quote_with_an_incomplete_application_asks_what_to_do(api: Api) -> None:
    path = f"/quotes/{chosen(api, quoted(api))['quote_id']}/enrollment"
    first = api.post(path)["application"]["record_number"]

    asked = api.post(path)
    resumed = api.post(path, {"choice": "resume"})
    new = api.post(path, {"choice": "create_new", "reason": "client_asked"})

    assert (asked["outcome"], asked["incomplete_record_number"]) == ("choice_needed", first)
    assert resumed["application"]["record_number"] == first
    assert new["application"]["record_number"] != first


def test_the_list_is_searched_sorted_and_paged(api: Api, stranger: Api) -> None:
    name = unique()
    days = [TODAY, TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31)]
    made = [quoted(api, last_name=name, day=day) for day in days]
    chosen(api, made[0])

    asked = {"client_name": f"ada {name[:8].lower()}", "order": "earliest_effective"}
    by_date = api.get("/quotes", **asked, page_size=2)
    rest = api.get("/quotes", **asked, page_size=2, page_token=by_date["next_page_token"])

    dates = [quote["effective_date"] for quote in by_date["quotes"] + rest["quotes"]]
    assert dates == sorted(day.isoformat() for day in days) and not rest["next_page_token"]
    selected = api.get("/quotes", client_name=name, status="selected")["quotes"]
    assert [quote["quote_id"] for quote in selected] == [made[0]["quote_id"]]
    assert len(api.get("/quotes", client_name=name, effective_from=days[2].isoformat())["quotes"]) == 1
    assert not api.get("/quotes", client_name=name, state="TX")["quotes"]
    assert not stranger.get("/quotes", client_name=name)["quotes"]
    refused = refusal(api.get, "/quotes", client_name=name, page_token=by_date["next_page_token"])
    assert [error["field"] for error in refused.problem["errors"]] == ["page_token"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"client_name": "a"}, "client_name"),
        ({"state": "CA"}, "state"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"effective_from": "2026-02-01", "effective_to": "2026-01-01"}, "effective_to"),
        ({"status": "lost"}, "status"),
        ({"order": "random"}, "order"),
        ({"page_token": "%%"}, "page_token"),
    ],
)
def test_invalid_filter_of_the_quote_list_is_rejected_at_its_field(api: Api, query: dict[str, str], field: str) -> None:
    refused = refusal(api.get, "/quotes", **query)
    assert refused.status == 422
    assert [error["field"] for error in refused.problem["errors"]] == [field]


def test_a_copy_is_a_quote_of_its_own(api: Api, public: httpx.Client) -> None:
    quote = chosen(api, quoted(api))
    headers = {"Authorization": f"Bearer {api.token}", "Idempotency-Key": unique()}

    answers = [public.post(f"/api/v1/quotes/{quote['quote_id']}/copies", headers=headers) for _ in range(2)]

    copy = answers[0].json()
    assert answers[0].status_code == 201 and answers[1].json() == copy
    assert answers[0].headers["location"] == f"/api/v1/quotes/{copy['quote_id']}"
    same = ("members", "medical", "effective_date", "monthly_premium", "status")
    assert {name: copy[name] for name in same} == {name: quote[name] for name in same}
    assert copy["quote_id"] != quote["quote_id"] and copy["version"] == 1


def test_a_requote_says_what_another_date_changes_and_leaves_the_old_quote(api: Api) -> None:
    quote = chosen(api, quoted(api, day=date(2026, 12, 1)))
    path = f"/quotes/{quote['quote_id']}"

    answer = api.post(f"{path}/requotes", {"effective_date": "2027-01-01"})

    assert answer["quote"]["effective_date"] == "2027-01-01"
    [change] = answer["changes"]
    assert (change["plan_id"], change["old_monthly_premium"]) == (quote["medical"]["plan_id"], quote["monthly_premium"])
    assert change["new_monthly_premium"] == answer["quote"]["monthly_premium"]
    assert api.get(path) == quote


def test_a_requote_outside_the_plan_years_names_the_date(api: Api) -> None:
    path = f"/quotes/{chosen(api, quoted(api))['quote_id']}/requotes"
    for day in ("2030-01-01", "2026-02-30", "2026-06-01T00:00"):
        refused = refusal(api.post, path, {"effective_date": day})
        assert [error["field"] for error in refused.problem["errors"]] == ["effective_date"]


def test_a_requote_says_which_plans_are_not_sold_any_more(api: Api) -> None:
    quote = chosen(api, quoted(api, members=[someone(unique(), tobacco_use=False)]))

    answer = api.post(f"/quotes/{quote['quote_id']}/requotes", {"effective_date": "2014-06-01"})

    [change] = answer["changes"]
    assert change["new_monthly_premium"] is None and change["reason"]
    assert (answer["quote"]["status"], answer["quote"]["medical"]) == ("open", None)


def test_a_shared_quote_shows_first_names_and_ages_and_nothing_else_of_the_people(
    api: Api, public: httpx.Client
) -> None:
    name = unique()
    quote = chosen(api, quoted(api, last_name=name))
    link = api.post(f"/quotes/{quote['quote_id']}/share-links")
    token = link["url"].rsplit("/", 1)[1]

    page = public.get(f"/shared/{token}")
    answer = public.get(f"/api/v1/shared-quotes/{token}")

    assert page.status_code == answer.status_code == 200
    for shown in (page, answer):
        assert shown.headers["cache-control"] == "no-store"
        assert "noindex" in shown.headers["x-robots-tag"]
        assert shown.headers["referrer-policy"] == "no-referrer"
        for hidden in (name, "1987", "2019-09-03", "60601", "17031", "obacco", quote["quote_id"], "female"):
            assert hidden not in shown.text
    assert [person["first_name"] for person in answer.json()["people"]] == ["Ada", "Cal"]
    assert answer.json()["monthly_premium"] == quote["monthly_premium"]
    assert 1 < len(answer.json()["plans"]) <= 4


def test_a_revoked_an_altered_and_an_unknown_link_look_the_same(api: Api, public: httpx.Client) -> None:
    path = f"/quotes/{chosen(api, quoted(api))['quote_id']}/share-links"
    link = api.post(path, {"days": 1})
    token = link["url"].rsplit("/", 1)[1]
    assert public.get(f"/shared/{token}").status_code == 200

    assert delete(public, api, f"{path}/{link['link_id']}").status_code == 204
    assert delete(public, api, f"{path}/{link['link_id']}").status_code == 204

    altered = ("A" if token[0] != "A" else "B") + token[1:]
    answers = [public.get(f"/api/v1/shared-quotes/{one}") for one in (token, altered, "x", "a" * 50)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert public.get(f"/shared/{token}").status_code == 404
    assert [one["revoked"] for one in api.get(path)["links"]] == [True]


def test_another_producers_quote_cannot_be_shared_copied_or_emailed(
    api: Api, stranger: Api, public: httpx.Client
) -> None:
    path = f"/quotes/{chosen(api, quoted(api))['quote_id']}"
    link = api.post(f"{path}/share-links")
    calls: list[tuple[Callable[..., Any], str, dict[str, Any]]] = [
        (stranger.post, "copies", {}),
        (stranger.post, "requotes", {"effective_date": "2027-01-01"}),
        (stranger.post, "share-links", {}),
        (stranger.post, "deliveries", {"email": RECEIVER}),
    ]
    for call, what, body in calls:
        assert refusal(call, f"{path}/{what}", body).status == 404
    assert refusal(stranger.get, f"{path}/share-links").status == 404
    assert refusal(stranger.get_bytes, f"{path}/proposal.pdf").status == 404
    assert delete(public, stranger, f"{path}/share-links/{link['link_id']}").status_code == 404
    assert public.get(link["url"]).status_code == 200


def test_a_proposal_is_a_pdf_of_the_selected_plans(api: Api) -> None:
    quote = quoted(api)
    path = f"/quotes/{quote['quote_id']}/proposal.pdf"
    assert refusal(api.get_bytes, path).status == 409

    quote = chosen(api, quote)
    reader = PdfReader(io.BytesIO(api.get_bytes(path)))

    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert f"${quote['monthly_premium']}" in words.replace(",", "")
    assert "made up" in words


def test_repeated_delivery_sends_one_message_and_stores_no_email_address(
    suite: LocalSuite, api: Api, public: httpx.Client
) -> None:
    quote = chosen(api, quoted(api))
    path = f"/api/v1/quotes/{quote['quote_id']}/deliveries"
    headers = {"Authorization": f"Bearer {api.token}", "Idempotency-Key": unique()}

    answers = [public.post(path, json={"email": RECEIVER}, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    [message] = [one for one in letters(suite) if answers[0].json()["url"] in text_of(one)]
    assert message["To"] == RECEIVER
    [attached] = message.iter_attachments()
    assert attached.get_content().startswith(b"%PDF")
    for log in suite.state.logs.glob("*.log"):
        assert RECEIVER not in log.read_text()
    engine = create_engine(suite.databases["quote"].replace("postgresql://", "postgresql+psycopg2://"))
    with engine.connect() as connection:
        bodies = connection.execute(text("select convert_from(body, 'utf8') from outbox")).scalars().all()
        kinds = connection.execute(
            text("select type from outbox where subject = :quote order by id"), {"quote": quote["quote_id"]}
        )
        assert kinds.scalars().all()[-1] == "quote.quote.delivered.v1"
    engine.dispose()
    assert not [body for body in bodies if RECEIVER in body]


@pytest.mark.parametrize("address", ["", "ada", "ada@example", "a@b.com\r\nBcc: c@d.com", f"{'a' * 250}@b.com"])
def test_a_wrong_address_is_named_and_not_repeated(api: Api, address: str) -> None:
    quote = chosen(api, quoted(api))
    refused = refusal(api.post, f"/quotes/{quote['quote_id']}/deliveries", {"email": address})
    assert refused.status == 422
    assert [error["field"] for error in refused.problem["errors"]] == ["email"]
    assert not address or address not in str(refused.problem)


def test_a_quote_makes_a_prospect_whom_the_client_search_finds(api: Api, stranger: Api) -> None:
    name = unique()
    quote = quoted(api, last_name=name)
    api.post(f"/quotes/{quote['quote_id']}/copies")
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := api.post("/client-searches", {"name": name})["clients"]) and time.monotonic() < end:
        time.sleep(0.2)

    [client] = found
    assert (client["first_name"], client["last_name"], client["date_of_birth"]) == ("Ada", name, "1987-06-14")
    assert client["home_address"]["zip"] == "60601"
    assert not stranger.post("/client-searches", {"name": name})["clients"]


TWENTY = "BCDEFGHIJKLMNOPQRSTU"


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ([someone("A"), *[someone(c, relationship="child", date_of_birth="2015-01-01") for c in TWENTY]], "members"),
        (
            [someone("A"), someone("B", relationship="spouse"), someone("C", relationship="spouse")],
            "members[2].relationship",
        ),
        (
            [someone("A"), someone("B", relationship="other_dependent", date_of_birth="1906-01-01")],
            "members[1].date_of_birth",
        ),
    ],
)
def test_invalid_household_is_rejected_at_its_field_and_makes_no_quote(
    api: Api, members: list[dict[str, Any]], field: str
) -> None:
    before = api.get("/quotes", page_size=1)["quotes"]
    refused = refusal(quoted, api, members=members)
    assert [error["field"] for error in refused.problem["errors"]] == [field]
    outside = refusal(quoted, api, effective_date=(TODAY + timedelta(days=365 * 6)).isoformat())
    assert [error["field"] for error in outside.problem["errors"]] == ["effective_date"]
    assert api.get("/quotes", page_size=1)["quotes"] == before


def letters(suite: LocalSuite) -> list[Any]:
    policy = email.policy.default
    return [email.message_from_bytes(path.read_bytes(), policy=policy) for path in Path(suite.outbox).glob("*.eml")]


def text_of(message: Any) -> str:
    return str(message.get_body().get_content())
