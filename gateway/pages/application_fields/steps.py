"""The five steps of an application: the last part of each one's address, and its title (R110)."""

from __future__ import annotations

from collections.abc import Mapping

from suite.enrollment.v1 import application_pb2

SLUGS: Mapping[int, str] = {
    application_pb2.STEP_GENERAL: "general",
    application_pb2.STEP_HOUSEHOLD: "household",
    application_pb2.STEP_PLANS: "plans",
    application_pb2.STEP_OTHER_COVERAGE: "other-coverage",
    application_pb2.STEP_SIGNATURES: "signatures",
}
# The title of what belongs to no step, where steps are named.
CLIENT_REVIEW = "Client Review"
TITLES: Mapping[int, str] = {
    application_pb2.STEP_GENERAL: "General Information",
    application_pb2.STEP_HOUSEHOLD: "Applicant Information",
    application_pb2.STEP_PLANS: "Plan Selection",
    application_pb2.STEP_OTHER_COVERAGE: "Other Coverage and Proxy",
    application_pb2.STEP_SIGNATURES: "Signatures and Payment",
}
