"""``portal pay-now-profile``: whether a carrier's pay-now profile can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.payment.remote.pay_now.profile import BadPayNowProfile, load_pay_now_profile

CANNOT = 2


def pay_now_profile(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE")],
) -> None:
    """Check how a carrier wants its pay-now assertion, before it is used.

    Exits with 0 when the profile can be used, 2 with the place of the mistake when not.
    """
    try:
        profile = load_pay_now_profile(file)
    except BadPayNowProfile as error:
        Console(stderr=True).print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(CANNOT) from None
    sent = ", ".join([*filter(None, profile.attributes.model_dump().values()), *profile.own_attributes])
    screen = Console()
    for line in (
        f"Issuer {profile.issuer_id}: a signed {profile.signed} to {profile.pay_url}, "
        f"good for {profile.valid_seconds} seconds.",
        f"Sends {sent}.",
    ):
        screen.print(line, highlight=False, markup=False, soft_wrap=True)
