"""The pay-now response: what stands in it, and what never does. Who verifies it is tested with two other verifiers."""

from __future__ import annotations

import base64
from datetime import date

import pytest
from lxml import etree
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, steps_pb2

from services.payment.domain.subscriber import payment_transaction_id
from services.payment.remote.pay_now.profile import AttributeNames, DateFormat
from services.payment.remote.subscribers import to_subscriber
from tests.unit.services.payment.pay_now_samples import ADA, PROFILE, RETURN, START, make_form, make_key

NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def read(form: dict[str, str]) -> etree._Element:
    return etree.fromstring(base64.b64decode(form["SAMLResponse"]))


def attributes(response: etree._Element) -> dict[str, list[str | None]]:
    found = response.findall(".//saml:Attribute", NAMES)
    return {one.get("Name", ""): [value.text for value in one] for one in found}


def test_the_attributes_are_those_of_the_exchanges() -> None:
    assert attributes(read(make_form(START))) == {
        "Payment Transaction ID": ["0000000000638"],
        "Market Indicator": ["Individual"],
        "Assigned QHP Identifier": ["99999TX076000100", "99999TX001000100"],
        "Total Amount Owed": ["2091.40"],
        "Premium Amount Total": ["1045.70"],
        "APTC Amount": ["0.00"],
        "Proposed Coverage Effective Date": ["12/01/2026"],
        "First Name": ["Ada"],
        "Middle Name": ["M"],
        "Last Name": ["O'Sample & Núñez"],
        "Street Name 1": ["12 Example Street"],
        "City Name": ["Houston"],
        "State": ["TX"],
        "Zip Code": ["77002"],
        "Contact Email Address": ["ada@example.com"],
        "Subscriber Identifier": ["0000001243"],
    }


def test_a_carrier_may_want_other_names_dates_and_a_relay_state() -> None:
    names = AttributeNames(city="City", middle_name="", return_url="Return URL")
    profile = PROFILE.model_copy(
        update={"attributes": names, "date_format": DateFormat.ISO, "relay_state": "https://pay.example/x"}
    )
    form = make_form(START, profile)
    sent = attributes(read(form))
    assert form["RelayState"] == "https://pay.example/x"
    assert (sent["City"], sent["Return URL"]) == (["Houston"], [RETURN])
    assert sent["Proposed Coverage Effective Date"] == ["2026-12-01"]
    assert not {"City Name", "Middle Name"} & set(sent)
    assert "RelayState" not in make_form(START)


def test_a_carrier_may_want_everybody_and_attributes_of_its_own() -> None:
    names = AttributeNames(consumer_id="Partner Assigned Consumer ID", members="Additional Information")
    own = {"TIN Identification": "987654321", "User Type": "Consumer"}
    sent = attributes(read(make_form(START, PROFILE.model_copy(update={"attributes": names, "own_attributes": own}))))
    assert sent["Partner Assigned Consumer ID"] == ["1243"]
    assert sent["Additional Information"] == ["Ada,O'Sample & Núñez,;Ben,Sample,Jr."]
    assert (sent["TIN Identification"], sent["User Type"]) == (["987654321"], ["Consumer"])


def test_it_is_short_lived_for_one_audience_and_begun_by_us() -> None:
    response = read(make_form(START))
    conditions = response.find(".//saml:Conditions", NAMES)
    confirmation = response.find(".//saml:SubjectConfirmationData", NAMES)
    assert conditions is not None
    assert confirmation is not None
    assert dict(conditions.attrib) == {"NotBefore": "2026-11-23T17:59:55Z", "NotOnOrAfter": "2026-11-23T18:05:00Z"}
    assert dict(confirmation.attrib) == {"NotOnOrAfter": "2026-11-23T18:05:00Z", "Recipient": PROFILE.pay_url}
    assert response.findtext(".//saml:Audience", namespaces=NAMES) == PROFILE.audience
    assert (response.get("Destination"), response.findtext(".//saml:NameID", namespaces=NAMES)) == (
        PROFILE.pay_url,
        "A-0638",
    )
    assert b"InResponseTo" not in base64.b64decode(make_form(START)["SAMLResponse"])


def test_each_form_has_ids_of_its_own() -> None:
    ids = {one.get("ID") for _ in range(3) for one in read(make_form(START)).iter() if one.get("ID")}
    assert len(ids) == 6


@pytest.mark.parametrize(("signed", "parent"), [("assertion", "Assertion"), ("response", "Response")])
def test_the_signature_stands_behind_the_issuer_of_what_is_signed(signed: str, parent: str) -> None:
    profile = PROFILE.model_validate(PROFILE.model_dump() | {"signed": signed})
    signatures = list(read(make_form(START, profile)).iter(f"{DS}Signature"))
    assert len(signatures) == 1
    above, before = signatures[0].getparent(), signatures[0].getprevious()
    assert above is not None
    assert before is not None
    assert (etree.QName(above).localname, etree.QName(before).localname) == (parent, "Issuer")


def test_nothing_but_what_a_carrier_asks_for_is_taken_from_an_application() -> None:
    person = steps_pb2.Person(
        first_name="Ada",
        middle_initial="M",
        last_name="O'Sample & Núñez",
        date_of_birth="1980-02-03",
        ssn="123456789",
        ssn_last_four="6789",
    )
    son = steps_pb2.Person(first_name="Ben", last_name="Sample", suffix="Jr.", date_of_birth="2012-02-03")
    home = steps_pb2.Address(street="12 Example Street", city="Houston", state="TX", zip="77002", county_fips="48201")
    contact = steps_pb2.Contact(email="ada@example.com", phone="713-555-0100")
    application = application_pb2.Application(
        client_app_id=1243,
        effective_date="2026-12-01",
        header=application_pb2.Header(monthly_premium=common_pb2.Money(cents=104_570)),
        household=steps_pb2.HouseholdStep(people=[person, son], home_address=home, contact=contact),
        plan_lines=[
            application_pb2.PlanLine(plan_id="99999TX0760001-00"),
            application_pb2.PlanLine(plan_id="99999TX0010001"),
        ],
    )
    assert to_subscriber(application) == ADA
    text = base64.b64decode(make_form(START)["SAMLResponse"]).decode()
    assert not [secret for secret in ("123456789", "1980", "713-555-0100", "Ben") if secret in text]


def test_the_transaction_id_leads_back_to_one_application() -> None:
    assert payment_transaction_id("A-0638") == "0000000000638"
    assert payment_transaction_id("A-12345678") == "0000012345678"


def test_neither_key_nor_person_is_shown_by_a_repr() -> None:
    assert "PRIVATE" not in repr(make_key())
    assert not [shown for shown in ("Ada", "Ben", "Núñez", "Example Street", "ada@", "77002") if shown in repr(ADA)]


def test_dates_are_written_as_the_carrier_asks() -> None:
    day = date(2027, 1, 9)
    assert [one.write(day) for one in DateFormat] == ["01/09/2027", "2027-01-09"]
