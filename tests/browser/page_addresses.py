"""Every address of a page that somebody can come to, by who opens it; `every_page` makes what the braces name."""

from __future__ import annotations

GENERAL = (
    "/",
    "/quote-and-enroll",
    "/quotes",
    "/quotes/new/A-key-of-a-new-quote",
    "/enroll",
    "/enroll?tab=incomplete",
    "/enroll?tab=failed",
    "/enroll?tab=expired",
    "/enroll?tab=completed",
    "/clients",
    "/search",
    "/deadlines",
    "/notifications",
    "/my-hierarchy",
    "/account",
    "/account/password",
    "/account/two-step",
    "/resources",
    "/resources/guides/{guide}",
    "/resources/texts/terms?state=TX",
    "/resources/texts/consumer-choice?state=TX",
    "/reporting",
    "/news",
    "/applications/new",
    "/no/such/page",
    "/api",
)
OF_A_QUOTE = (
    "/quotes/{quote}",
    "/quotes/{quote}/edit",
    "/quotes/{quote}/plans",
    "/quotes/{quote}/comparison?{compared}",
    "/quotes/{quote}/plans/{plan}",
)
OF_A_DRAFT = (
    "/applications/{draft}",
    "/applications/{draft}/steps/general",
    "/applications/{draft}/steps/general/life-events/0",
    "/applications/{draft}/steps/general/life-events/new",
    "/applications/{draft}/steps/general/effective-date",
    "/applications/{draft}/steps/household",
    "/applications/{draft}/steps/household/people/{person}",
    "/applications/{draft}/steps/household/people/new-dependent",
    "/applications/{draft}/steps/household/people/{person}/remove",
    "/applications/{draft}/steps/plans",
    "/applications/{draft}/steps/plans/providers/{person}",
    "/applications/{draft}/steps/plans/providers/{person}/entry?pcp_id={pcp}",
    "/applications/{draft}/steps/plans/details/{plan}",
    "/applications/{draft}/steps/other-coverage",
    "/applications/{draft}/steps/other-coverage/replaced/new",
    "/applications/{draft}/steps/other-coverage/others/new",
    "/applications/{draft}/steps/signatures",
    "/applications/{draft}/check-answers",
    "/applications/{draft}/leave",
    "/applications/{draft}/texts/terms",
    "/applications/{draft}/texts/terms/{terms}",
)
OF_A_SUBMITTED = (
    "/applications/{submitted}",
    "/applications/{submitted}/proof-documents",
    "/applications/{submitted}/cancellation",
    "/applications/{submitted}/termination",
    "/applications/{submitted}/contact",
    "/applications/{submitted}/duplicates",
)
ACCESS = "delegate={delegate}&number={number}"

PRODUCER = (
    *GENERAL,
    *OF_A_QUOTE,
    *OF_A_DRAFT,
    *OF_A_SUBMITTED,
    "/clients/{client}",
    "/clients/{client}/enrollment",
    "/my-hierarchy/access",
    f"/my-hierarchy/access?{ACCESS}",
    f"/my-hierarchy/revocation?{ACCESS}",
)
DELEGATE = (
    *GENERAL,
    "/quotes/{quote}",
    "/quotes/{quote}/plans",
    "/applications/{draft}",
    "/applications/{draft}/steps/general",
    "/applications/{draft}/steps/plans",
    "/applications/{submitted}",
    "/my-hierarchy/access",
)
VISITOR = (
    "/sign-in",
    "/set-password/no-such-link",
    "/review/{review}",
    "/review/no-such-link",
    "/shared/{shared}",
    "/shared/no-such-link",
)
# Those who answered the question of the link.
CLIENT = ("/review/{review}", "/review/{review}/sign")
# On the origin of the payment page; the one-time link itself leads to the first.
PAYER = ("/pay", "/pay/review", "/terms", "/language-assistance", "/no/such/page")

# Every other page answers 200.
STATUSES = {
    "/no/such/page": 404,
    "/set-password/no-such-link": 404,
    "/review/no-such-link": 404,
    "/shared/no-such-link": 404,
}
STATUSES_OF_A_DELEGATE = {**STATUSES, "/my-hierarchy/access": 403}
