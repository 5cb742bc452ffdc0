"""Home and mailing addresses, phone and email address of step 2 (R47-R50)."""

from typing import Any

import pytest
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness


def fields(refused: Any) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in refused.value.problems]


def test_a_zip_that_is_not_listed_is_kept_with_a_county_of_its_state(harness: EnrollmentHarness) -> None:
    app = harness.start()
    app = harness.save(app, household=samples.household(home_address=pb.Address(zip="60699", state="IL")))
    assert (application_pb2.STEP_HOUSEHOLD, "home_address.county_fips") in harness.missing(app)
    chosen = pb.Address(zip="60699-1234", state="IL", county_fips="17097")
    app = harness.save(app, household=samples.household(home_address=chosen))
    home = app.household.home_address
    assert (home.zip, home.county_fips, home.county_name) == ("60699-1234", "17097", "Lake")


@pytest.mark.parametrize(
    ("zip_code", "county_fips", "field"), [("60699", "48201", "county_fips"), ("10001", "", "zip")]
)
def test_a_zip_that_is_not_listed_needs_its_own_state(
    harness: EnrollmentHarness, zip_code: str, county_fips: str, field: str
) -> None:
    elsewhere = pb.Address(zip=zip_code, state="IL", county_fips=county_fips)
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(home_address=elsewhere))
    assert [problem.field for problem in refused.value.problems] == [f"home_address.{field}"]


@pytest.mark.parametrize(
    "street",
    [
        "PO Box 1234",
        "P.O. Box 12",
        "p o box12",
        "POB 7",
        "Post Office Box 9",
        "Box 12",
        "General Delivery",
        "GEN DELIVERY",
        "100 Main St, PO Box 4",
    ],
)
def test_where_mail_waits_is_no_home_but_a_mailing_address(harness: EnrollmentHarness, street: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(home_address=pb.Address(street=street, zip="60601")))
    assert fields(refused) == [("home_address.street", "R47")]
    mailing = pb.Address(street=street, city="Chicago", state="IL", zip="60680")
    app = harness.save(harness.start(), household=samples.household(mailing_address=mailing))
    assert app.household.mailing_address.street == street


@pytest.mark.parametrize("part", ["street", "unit", "city"])
@pytest.mark.parametrize(("where", "rule"), [("home_address", "R47"), ("mailing_address", "R48")])
@pytest.mark.parametrize(
    "typed", ["1 Main \U0001f600 St", "<b>1 Main St", "\u0413\u043b\u0430\u0432\u043d\u0430\u044f 1", "1 Main~St"]
)
def test_an_address_that_no_834_carries_is_refused_beside_its_field(
    harness: EnrollmentHarness, where: str, rule: str, part: str, typed: str
) -> None:
    app = harness.start()
    wrong: dict[str, Any] = {where: pb.Address(zip="60601")}
    setattr(wrong[where], part, typed)
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=samples.household(**wrong))
    assert fields(refused) == [(f"{where}.{part}", rule)]
    assert harness.get(app).household == app.household


@pytest.mark.parametrize(
    "street", ["12 1/2 Main St", "N6W23001 Bluemound Rd", "5 Calle Nu\u00f1ez #4", "9 O\u2019Hare Blvd"]
)
def test_an_address_is_written_as_streets_are(harness: EnrollmentHarness, street: str) -> None:
    home = pb.Address(street=street, unit="Apt. 4-B (rear)", city="O'Fallon", zip="60601")
    app = harness.save(harness.start(), household=samples.household(home_address=home))
    assert app.household.home_address.street == street


@pytest.mark.parametrize(
    "street", ["RR 2 Box 15", "HC 1 Box 8", "12 Box Elder Ln", "4 Post Office Rd", "9 Po Boxwood Way"]
)
def test_a_home_whose_street_names_a_box_is_a_home(harness: EnrollmentHarness, street: str) -> None:
    app = harness.save(
        harness.start(), household=samples.household(home_address=pb.Address(street=street, zip="60601"))
    )
    assert app.household.home_address.street == street


@pytest.mark.parametrize(
    ("state", "zip_code"),
    [("MA", "02108"), ("PR", "00901"), ("GU", "96910"), ("AE", "09012"), ("AP", "96201-5000"), ("DC", "20001")],
)
def test_mail_goes_anywhere_in_the_country(harness: EnrollmentHarness, state: str, zip_code: str) -> None:
    mailing = pb.Address(street="1 A St", city="X", state=state, zip=zip_code)
    app = harness.save(harness.start(), household=samples.household(mailing_address=mailing))
    assert (app.household.mailing_address.state, app.household.mailing_address.zip) == (state, zip_code)


@pytest.mark.parametrize(
    ("state", "zip_code", "field", "rule"),
    [
        ("ZZ", "00000", "mailing_address.state", "R47"),
        ("MA", "90210", "mailing_address.zip", "R48"),
        ("MA", "00000", "mailing_address.zip", "R48"),
        ("AP", "09012", "mailing_address.zip", "R48"),
    ],
)
def test_a_mailing_address_has_a_state_and_a_zip_of_it(
    harness: EnrollmentHarness, state: str, zip_code: str, field: str, rule: str
) -> None:
    mailing = pb.Address(street="1 A St", city="Boston", state=state, zip=zip_code)
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(mailing_address=mailing))
    assert fields(refused) == [(field, rule)]


@pytest.mark.parametrize("email", ["ann@example..com", ".ann@example.com", "ann@-example.com"])
def test_an_address_that_no_mail_server_accepts_is_refused(harness: EnrollmentHarness, email: str) -> None:
    contact = pb.Contact(phone="312-555-0142", phone_type="mobile", email=email)
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(contact=contact))
    assert fields(refused) == [("contact.email", "R50")]


def test_a_phone_keeps_its_extension_and_zip_plus_four_its_digits(harness: EnrollmentHarness) -> None:
    contact = pb.Contact(phone="312-555-0142 x123", phone_type="landline")
    home = pb.Address(street="1 A St", city="Chicago", zip="606011234")
    app = harness.save(harness.start(), household=samples.household(contact=contact, home_address=home))
    assert app.household.contact.phone == "312-555-0142 x123"
    assert (app.household.home_address.zip, app.household.home_address.county_fips) == ("60601-1234", "17031")
