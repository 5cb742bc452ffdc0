"""Remote: enrollment, of which a carrier's payment page is told the subscriber."""

from __future__ import annotations

from datetime import date

from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.bus.client import BusClient
from chassis.kernel import Money
from services.payment.domain.subscriber import MemberName, SubscriberDetails

_SERVICE = pb.DESCRIPTOR.services_by_name["EnrollmentService"]
# Without a variant a plan id has so many characters; 00 is the variant off the exchange.
_COMPONENT_LENGTH, _OFF_EXCHANGE = 14, "00"


class EnrollmentSubscribers:
    """The port ``Subscribers``, over the bus."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def get_subscriber(self, record_number: str) -> SubscriberDetails:
        request = pb.GetApplicationRequest(record_number=record_number)
        answer = self._bus.call(_SERVICE, "GetApplication", request, pb.GetApplicationResponse)
        return to_subscriber(answer.application)


def to_subscriber(application: application_pb2.Application) -> SubscriberDetails:
    """Only what carriers' pages ask for is taken out of the application."""
    household = application.household
    applicant, home = household.people[0], household.home_address
    return SubscriberDetails(
        client_app_id=application.client_app_id,
        plan_ids=tuple(_variant_id(line.plan_id) for line in application.plan_lines),
        monthly_premium=Money(application.header.monthly_premium.cents),
        effective_date=date.fromisoformat(application.effective_date),
        first_name=applicant.first_name,
        middle_name=applicant.middle_initial,
        last_name=applicant.last_name,
        street=home.street,
        unit=home.unit,
        city=home.city,
        state=home.state,
        zip_code=home.zip,
        email=household.contact.email,
        members=tuple(MemberName(one.first_name, one.last_name, one.suffix) for one in household.people),
    )


def _variant_id(plan_id: str) -> str:
    plain = plan_id.replace("-", "")
    return plain + _OFF_EXCHANGE if len(plain) == _COMPONENT_LENGTH else plain
