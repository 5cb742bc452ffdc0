"""The question of R14: go on with the application that is there, or start another one, and why."""

from __future__ import annotations

from collections.abc import Mapping

from suite.enrollment.v1 import clients_pb2

CHOICES: Mapping[str, clients_pb2.ExistingApplicationChoice.ValueType] = {
    "create_new": clients_pb2.EXISTING_APPLICATION_CHOICE_CREATE_NEW,
    "resume": clients_pb2.EXISTING_APPLICATION_CHOICE_RESUME,
}
REASONS: Mapping[str, clients_pb2.NewApplicationReason.ValueType] = {
    "different_coverage": clients_pb2.NEW_APPLICATION_REASON_DIFFERENT_COVERAGE,
    "mistake_in_other": clients_pb2.NEW_APPLICATION_REASON_MISTAKE_IN_OTHER,
    "client_asked": clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED,
    "other": clients_pb2.NEW_APPLICATION_REASON_OTHER,
}
REASON_TEXTS: Mapping[str, str] = {
    "different_coverage": "Different coverage",
    "mistake_in_other": "The other application has a mistake",
    "client_asked": "Client request",
    "other": "Other reason",
}
