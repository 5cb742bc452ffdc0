"""Versions of texts, as enrollment's rule packs name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from suite.enrollment.v1 import rules_pb2

from chassis.bus.client import BusClient
from services.documents.remote.applications import ENROLLMENT


class EnrollmentTextVersions:
    """The port ``usecases.check_texts.TextVersions``."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def get_versions(self, state: str) -> Mapping[str, Sequence[str]]:
        request = rules_pb2.GetEnrollmentRulesRequest(state=state)
        answer = self._bus.call(ENROLLMENT, "GetEnrollmentRules", request, rules_pb2.GetEnrollmentRulesResponse)
        return {one.kind: tuple(one.versions) for one in answer.rules.disclosures}
