"""Every form of the portal and of the payment page, as the tests of bad input spoil it."""

from __future__ import annotations

from tests.browser.form_place import EVERY, FormPlace, StoresNothing

FILTERS = StoresNothing("it filters what is shown")
_SEARCH = StoresNothing("it keeps what was searched for, and no record")
# Nothing of it has to be answered yet.
_BLANK = frozenset({"empty", "not chosen"})
# A text that people word themselves: whatever they type is what they mean, and a page shows it as text.
_FREE_TEXT = frozenset({"wrong format", "markup", "right-to-left", "another script"})
# What cannot be printed is refused there too: a mark that turns the direction of writing.
_PRINTABLE = _FREE_TEXT - {"right-to-left"}
_ANY_TEXT = _FREE_TEXT | {"empty", "too long"}

# Answers that make a part of a step count; what is typed into a part that is not asked for is refused at its question
# (R48, R53, R80).
_ASKED = {
    "mailing_address.": {"mailing_differs": "yes"},
    "hra.": {"hra.kind": "ICHRA"},
    "authorized_representative.": {"has_representative": "yes"},
    **{f"people[{one}].tobacco_last_used": {f"people[{one}].tobacco_use": "yes"} for one in range(2)},
    "replacement_rights_shown": {"replaces_coverage": "yes"},
}
# Lines of an address, names of companies, and what another company's policy shows: as the client reads it out. The form
# of a PCP ID is not known: each carrier has its own, and the page says whether a provider has it.
_WORDED = (
    *("street", "unit", "city", "employer_name", "relationship_to_applicant"),
    *("insurer", "policy_number", "name_on_policy", "member_number", "group_id"),
)
_LIST_FILTER = "how a list of plans is filtered is no answer, and is not kept"


_TOBACCO_OF_A_CHILD = "tobacco is asked of adults alone: what is typed here for a child is refused beside the question"


def _step(page: str) -> FormPlace:
    address = "/applications/{record_number}/steps/" + page
    return FormPlace(
        address,
        address,
        stored="/applications/{record_number}",
        press={"action": "exit"},
        asked=_ASKED,
        # a step may be left half done, and is only complete when it is submitted
        takes={EVERY: _BLANK, **dict.fromkeys((*_WORDED, "pcp_id"), _PRINTABLE)},
        passed_over={
            **{f"list.{coverage}.search": _LIST_FILTER for coverage in ("medical", "dental")},
            "people[2].tobacco_last_used": _TOBACCO_OF_A_CHILD,
        },
        undo={"action": "discard"},
    )


STEPS = tuple(
    _step(page)
    for page in (
        "general",
        "general/life-events/0",
        "household",
        "household/people/{spouse}",
        "household/people/{child}",
        "plans",
        "other-coverage/replaced/0",
        "other-coverage/others/0",
        "other-coverage",
        "signatures",
    )
)
STEP_PAGES = (
    FormPlace(
        "/applications/{record_number}/steps/plans/providers/{spouse}",
        "/applications/{record_number}/steps/plans/providers/{spouse}",
        stored=FILTERS,
        searches=frozenset({"name"}),
        takes={EVERY: _BLANK, "name": _ANY_TEXT},
    ),
    FormPlace(
        "/applications/{record_number}/steps/plans/providers/{spouse}/entry?pcp_id=IL000206",
        "/applications/{record_number}/steps/plans/providers/{spouse}/entry",
        stored=StoresNothing("what was reported is read by an operator alone; the entry stays as it is"),
        filled={"fault": "other"},
        takes={"note": _FREE_TEXT},
    ),
    FormPlace(
        "/applications/{record_number}/steps/general/effective-date",
        "/applications/{record_number}/steps/general/effective-date",
        stored="/applications/{record_number}",
    ),
)

# A quote needs no names.
_NAMELESS = dict.fromkeys(("first_name", "last_name"), frozenset({"empty"}))
_NEW_QUOTE = {
    "writing_number": "220002580",
    "zip": "60601",
    "effective_date": "2026-06-01",
    "members[0].date_of_birth": "1987-06-14",
    "members[0].sex": "female",
    "members[0].tobacco_use": "no",
}
QUOTES = (
    FormPlace(
        "/quotes/{quote_id}/edit",
        "/quotes/{quote_id}/edit",
        stored="/quotes/{quote_id}",
        press={"action": "save"},
        takes=_NAMELESS,
        undo={"action": "discard"},
    ),
    FormPlace(
        "/quotes/new",
        "/quotes/new/{key}",
        stored="/quotes",
        press={"action": "save"},
        filled=_NEW_QUOTE,
        # the page's own note of the date that it proposed: nothing is saved of it
        takes={**_NAMELESS, "proposed_date": frozenset({"forged"})},
        shown_at="/quotes/new/",
    ),
    FormPlace(
        "/quotes/{quote_id}",
        "/quotes/{quote_id}/deliveries",
        stored="/quotes/{quote_id}",
        filled={"email": "ada@example.com", "language": "es"},
    ),
    FormPlace(
        "/quotes/{quote_id}",
        "/quotes/{quote_id}/requotes",
        stored="/quotes",
        filled={"effective_date": "2026-07-01"},
    ),
    FormPlace("/quotes/{quote_id}", "/quotes/{quote_id}/share-links", stored="/quotes/{quote_id}/share-links"),
    FormPlace(
        "/quotes/{quote_id}/plans",
        "/quotes/{quote_id}/plans",
        stored=FILTERS,
        searches=frozenset({"name"}),
        takes={EVERY: _BLANK, "name": _ANY_TEXT},
    ),
    FormPlace("/quotes", "/quotes", stored=_SEARCH, takes={EVERY: _BLANK, "client_name": _FREE_TEXT}),
)
# The question what to do beside an application that was started before.
ENROLLMENT_FROM_QUOTE = FormPlace(
    "/quotes/{quote_id}?choose=1",
    "/quotes/{quote_id}/enrollment",
    stored="/applications?status=incomplete",
    takes={"reason": _BLANK},
)

LISTS = (
    FormPlace("/enroll", "/enroll/searches", stored=_SEARCH, takes={EVERY: _BLANK, "applicant": _FREE_TEXT}),
    FormPlace(
        "/clients",
        "/clients/searches",
        stored=_SEARCH,
        filled={"name": "Sample", "date_of_birth": "1987-06-14", "phone": "", "ssn_last_four": ""},
        takes={EVERY: _BLANK, "name": _FREE_TEXT},
    ),
    FormPlace("/deadlines", "/deadlines", stored=FILTERS, takes={EVERY: _BLANK}),
    FormPlace("/reporting", "/reporting", stored=FILTERS, takes={EVERY: _BLANK}),
    FormPlace("/resources", "/resources", stored=FILTERS),
    FormPlace("/search", "/search", stored=_SEARCH, searches=frozenset({"q"}), takes={"q": _ANY_TEXT}),
    FormPlace("/applications/new", "/applications/new", stored="/applications?status=incomplete"),
)
DELEGATION = FormPlace(
    "/my-hierarchy/access",
    "/my-hierarchy/access",
    stored="/delegations",
    filled={"email": "delegate@example.com", "numbers": "220002580", "actions": "quote"},
    # without an action the delegate may look, and without days the access has no end
    takes=dict.fromkeys(("actions", "first_day", "last_day"), _BLANK),
)
CLIENTS = (
    FormPlace("/clients/{client_id}", "/clients/{client_id}/enrollment", stored="/applications?status=incomplete"),
    FormPlace(
        "/clients/{client_id}/enrollment",
        "/clients/{client_id}/enrollment",
        stored="/applications?status=incomplete",
        press={"choice": "create_new"},
        filled={"writing_number": "220002580"},
    ),
)
DUPLICATES = FormPlace(
    "/applications/{record_number}/duplicates",
    "/applications/{record_number}/duplicates",
    stored="/applications/{record_number}",
)
AFTER_SUBMIT = (
    FormPlace(
        "/applications/{record_number}/proof-documents",
        "/applications/{record_number}/proof-documents",
        stored="/applications/{record_number}/proof-documents",
    ),
    FormPlace(
        "/applications/{record_number}/cancellation",
        "/applications/{record_number}/cancellation",
        stored="/applications/{record_number}",
        filled={"reason": "", "asked_by": ""},
    ),
    FormPlace(
        "/applications/{record_number}/contact",
        "/applications/{record_number}/contact",
        stored="/applications/{record_number}",
        filled={
            "mailing_differs": "yes",
            "mailing_address.street": "PO Box 1200",
            "mailing_address.city": "Chicago",
            "mailing_address.state": "IL",
            "mailing_address.zip": "60601",
        },
        # the apartment and the email are optional, lines of an address are as the client reads them out
        takes={**dict.fromkeys(("street", "city"), _PRINTABLE), "unit": _PRINTABLE | _BLANK, "email": _BLANK},
    ),
)
# Of coverage that has begun.
TERMINATION = FormPlace(
    "/applications/{record_number}/termination",
    "/applications/{record_number}/termination",
    stored="/applications/{record_number}",
    filled={"reason": "", "asked_by": ""},
)
SIGN_IN = FormPlace(
    "/sign-in",
    "/sign-in",
    stored=StoresNothing("a session is opened for the right password alone"),
    filled={"email": "nobody@example.com", "password": "x"},
)

SEND_FOR_REVIEW = FormPlace(
    "/applications/{record_number}",
    "/applications/{record_number}/reviews",
    stored="/applications/{record_number}/reviews",
)
REVIEWS = "/applications/{record_number}/reviews"
_TRY = "each wrong name is a try, and few are allowed: it is looked at alone"
_OTHER_SECTION = "it is sent with the remark of another section and judged when its own button is pressed"
_OTHER_SECTIONS = (
    "plans",
    *(f"person-{place}" for place in range(1, 5)),
    "contact",
    "other_coverage",
    "signatures",
    "producer",
)
PROVE = FormPlace(
    "/review/{token}",
    "/review/{token}",
    stored=REVIEWS,
    filled={"month": "6", "day": "14", "year": "1987", "last_name": "Sample"},
    passed_over={"last_name": _TRY},
)
REMARK = FormPlace(
    "/review/{token}",
    "/review/{token}/remarks",
    stored=StoresNothing("the producer is told of remarks when the client returns the review: the page shows them"),
    press={"section": "coverage"},
    filled={"coverage-remark": "Wrong"},
    # about the section as a whole, in the client's own words
    takes={"coverage-field": _BLANK, "coverage-remark": _FREE_TEXT},
    passed_over={f"{one}-{part}": _OTHER_SECTION for one in _OTHER_SECTIONS for part in ("field", "remark")},
)
SIGN = FormPlace(
    "/review/{token}/sign",
    "/review/{token}/sign",
    stored=REVIEWS,
    filled={"agreed": "yes", "signature": "Ada Sample"},
)
WITHDRAW = FormPlace("/review/{token}", "/review/{token}/withdraw", stored=REVIEWS, filled={"withdraw": "yes"})

CARD = {
    "method": "card",
    "card_number": "4242424242424242",
    "card_expires": "12/39",
    "card_security_code": "123",
    "payer": "family",
    "accept_terms": "yes",
}
BANK = {
    "method": "bank",
    "account_type": "savings",
    "account_holder": "Ada Sample",
    "routing_number": "071000013",
    "account_number": "12345678",
    "payer": "family",
    "accept_terms": "yes",
}
_OTHER_METHOD = "it belongs to the other payment method, which is spoiled by itself"
PAYMENTS = (
    FormPlace(
        "/pay",
        "/pay",
        stored="/applications/{record_number}/payment",
        filled=CARD,
        takes={"autopay": _BLANK},
        passed_over=dict.fromkeys(
            ("account_type", "account_holder", "routing_number", "account_number"), _OTHER_METHOD
        ),
    ),
    FormPlace(
        "/pay",
        "/pay",
        stored="/applications/{record_number}/payment",
        filled=BANK,
        takes={"autopay": _BLANK},
        passed_over=dict.fromkeys(("card_number", "card_expires", "card_security_code"), _OTHER_METHOD),
    ),
    FormPlace("/pay/review", "/pay/submit", stored="/applications/{record_number}/payment"),
)

PORTAL: tuple[FormPlace, ...] = (
    *STEPS,
    *STEP_PAGES,
    *QUOTES,
    ENROLLMENT_FROM_QUOTE,
    *LISTS,
    DELEGATION,
    *CLIENTS,
    DUPLICATES,
    *AFTER_SUBMIT,
    TERMINATION,
    SIGN_IN,
    SEND_FOR_REVIEW,
    PROVE,
    REMARK,
    SIGN,
    WITHDRAW,
)
