"""Who was chosen as primary care provider, in words (R69-R72)."""

from __future__ import annotations

from collections.abc import Mapping

from suite.enrollment.v1 import steps_pb2

# Where nobody was chosen and the plan asks for providers (R72).
CARRIER_ASSIGNS = "The carrier assigns one"


def find_choice(plans: steps_pb2.PlansStep, place: int) -> steps_pb2.PcpChoice | None:
    """What was typed on step 3; the primary applicant's choice for everybody where that was chosen (R70)."""
    whose = 0 if plans.pcp_same_for_all else place
    return next((one for one in plans.pcp_choices if one.member_index == whose), None)


def describe_choice(choice: steps_pb2.PcpChoice | None, names: Mapping[str, str]) -> str:
    """Empty where nobody was chosen. ``names`` are those of the providers that are known, by PCP ID."""
    if choice is None:
        return ""
    parts = (
        names.get(choice.pcp_id, ""),
        choice.pcp_id and f"PCP {choice.pcp_id}",
        choice.medical_group_id and f"medical group {choice.medical_group_id}",
    )
    return ", ".join(part for part in parts if part)
