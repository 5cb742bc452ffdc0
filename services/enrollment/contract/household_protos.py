"""Contract: step 2 of an application, as a proto message."""

from __future__ import annotations

from suite.enrollment.v1 import steps_pb2 as pb

from chassis.mapping import ToProto
from services.enrollment.domain.people import Person
from services.enrollment.domain.steps import HouseholdStep

# A number goes in only (R46); what was first known of a person is nobody's answer.
person = ToProto(
    Person, pb.Person, unset=("ssn", "remove_ssn"), unsent=("ssn", "ssn_fingerprint", "removes_ssn", "first_identity")
)
household = ToProto(HouseholdStep, pb.HouseholdStep)
