"""A body to copy for every operation that takes JSON. Everybody in them is made up, and so are the plans."""

from __future__ import annotations

from typing import Any

_ADA = {"relationship": "self", "date_of_birth": "1987-06-14", "sex": "female", "tobacco_use": False}
_BEN = {"relationship": "spouse", "date_of_birth": "1988-02-10", "sex": "male", "tobacco_use": False}
_CAL = {"relationship": "child", "date_of_birth": "2026-05-10", "sex": "male"}
_PLACE = {"state": "IL", "zip": "60601", "county_fips": "17031"}
_DATE = {"effective_date": "2026-06-01"}
# MyBlue Plus Bronze 903 and BlueCare Dental 1A of the illustrative catalogue (R79).
_PLANS = {"medical_plan_id": "36096IL9900003-00", "dental_plan_id": "36096IL9900012-00"}
_SECOND = {"choice": "create_new", "reason": "different_coverage"}

BODIES: dict[str, dict[str, Any]] = {
    "CreateSession": {"email": "producer@example.com", "password": "demo"},
    "GrantDelegation": {
        "email": "delegate@example.com",
        "states": ["IL"],
        "actions": ["quote", "enroll"],
        "last_day": "2026-12-31",
    },
    "SearchPlans": {
        **_PLACE,
        **_DATE,
        "coverage": "medical",
        "exchange": "off",
        "members": [_ADA, _BEN, _CAL],
        "metal_levels": ["Bronze", "Silver"],
        "premium_max": "2500.00",
        "sort": "deductible",
        "page": {"size": 20},
    },
    "ComparePlans": {**_PLACE, **_DATE, "members": [_ADA], "plan_ids": ["36096IL9900003-00", "36096IL9900003-01"]},
    "CreateQuote": {
        "writing_number": "220002580",
        **_PLACE,
        **_DATE,
        "members": [
            {**_ADA, "first_name": "Ada", "last_name": "Sample"},
            {**_BEN, "first_name": "Ben", "last_name": "Sample"},
            {**_CAL, "first_name": "Cal", "last_name": "Sample"},
        ],
    },
    "SelectPlans": _PLANS,
    "UpdateQuote": {
        "zip": "60601",
        "county_fips": "17031",
        **_DATE,
        "members": [{**_ADA, "first_name": "Ada", "last_name": "Sample"}],
    },
    "Requote": {"effective_date": "2026-07-01"},
    "DeliverQuote": {"email": "ada@example.com"},
    "CreateShareLink": {"days": 14},
    "SendForReview": {"language": "es", "proof": "birth_date_and_last_name", "days": 14},
    "StartEnrollment": _SECOND,
    "StartApplication": {"writing_number": "220002580"},
    "StartClientEnrollment": _SECOND,
    "ReportProvider": {"fault": "phone", "note": "The number is 312-555-0142."},
    "SearchApplications": {
        "status": "completed",
        "applicant": "sam ad",
        "filter": {"state": "IL", "submitted_from": "2026-05-01"},
        "order": {"by": "effective_date", "descending": True},
    },
    "SaveStep_general": {"special_enrollment": True, "life_events": [{"kind": "birth", "date": "2026-05-10"}]},
    "SaveStep_household": {
        "form_type": "medical_dental",
        "authorization": "in_person",
        "terms_version": "2026.1",
        "people": [
            {**_ADA, "first_name": "Ada", "last_name": "Sample"},
            {**_BEN, "first_name": "Ben", "last_name": "Sample"},
            {**_CAL, "first_name": "Cal", "last_name": "Sample"},
        ],
        "home_address": {"street": "200 E Randolph St", "city": "Chicago", **_PLACE},
        "contact": {"phone": "312-555-0142", "phone_type": "mobile", "email": "ada@example.com"},
        "hra": {
            "kind": "ICHRA",
            "start_date": "2026-01-01",
            "employer_name": "Sample Bakery",
            "monthly_contribution": "250.00",
        },
    },
    "SaveStep_plans": {**_PLANS, "pcp_choices": [{"member_index": 0, "medical_group_id": "205"}]},
    "SaveStep_other_coverage": {
        "replaces_coverage": True,
        "replaced": [
            {
                "member_index": 0,
                "insurer": "Sample Mutual",
                "policy_number": "SM-100",
                "termination_date": "2026-05-31",
            }
        ],
        "replacement_rights_shown": True,
        "has_other_coverage": False,
        "proxy_agreed": True,
    },
    "SaveStep_signatures": {"payment_choice": "pay_now"},
    "SetEffectiveDate": {**_DATE, "life_event": "birth", "life_event_date": "2026-05-10"},
    "CancelApplication": {"reason": "other_coverage", "asked_by": "client"},
    "TerminateCoverage": {
        "coverages": ["dental"],
        "last_day": "2026-09-30",
        "reason": "other_coverage",
        "asked_by": "client",
    },
    "ChangeContact": {
        "contact": {"phone": "312-555-0143", "phone_type": "landline", "email": "ada@example.com"},
        "mailing_address": {"street": "PO Box 1200", "city": "Chicago", "state": "IL", "zip": "60601"},
    },
    "SearchClients": {"name": "sam ad", "date_of_birth": "1987-06-14"},
    "ExplainDuplicates": {"reason": "different_coverage"},
    "SearchAddresses": {"text": "200 E Randolph, Chi", "state": "IL"},
}
