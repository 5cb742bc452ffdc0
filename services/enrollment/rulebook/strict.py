"""Rulebook: what all shapes of pack entries share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.functional_validators import AfterValidator

from chassis.kernel.zip_prefixes import POSTAL_STATES

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _known(state: str) -> str:
    """Rules may speak of a state before it is served, and of one that a registry leaves out."""
    if state not in POSTAL_STATES:
        raise ValueError(f"there is no state {state}; give its two postal letters in capitals, such as IL")
    return state


State = Annotated[str, AfterValidator(_known)]
# Days of a window or a deadline: none is longer than a year.
DayCount = Annotated[int, Field(ge=0, le=366)]

# Years of a life; nobody is known to have reached more.
Age = Annotated[int, Field(gt=0, le=122)]


class Strict(BaseModel):
    """An unknown key is a typing error and is rejected, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)
