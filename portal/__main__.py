"""``portal COMMAND`` or ``python -m portal COMMAND``: the commands of the suite's operator."""

import typer

from portal.api_clients import api_clients
from portal.audit import audit
from portal.break_glass import break_glass
from portal.broker_rights import broker_rights
from portal.carrier_exchange import carrier_answers, write_834
from portal.carrier_files import carrier_profile, check_834
from portal.carrier_ledger import carrier_ledger
from portal.dead_letters import dead_letters
from portal.feeds import feeds
from portal.pay_now_profile import pay_now_profile
from portal.rules import rules
from portal.users import users

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(rules)
app.command()(carrier_profile)
app.command("check-834")(check_834)
app.command("write-834")(write_834)
app.command()(carrier_answers)
app.command()(carrier_ledger)
app.command()(pay_now_profile)
app.command("broker-rights")(broker_rights)
app.add_typer(dead_letters, name="dlq")
app.add_typer(audit, name="audit")
app.add_typer(break_glass, name="break-glass")
app.add_typer(feeds, name="feed")
app.add_typer(users, name="user")
app.add_typer(api_clients, name="api-client")


@app.callback()
def portal() -> None:
    """Commands for anyone who operates the suite. A command changes nothing unless its help says so."""


def main() -> None:
    app(prog_name="portal")


if __name__ == "__main__":
    main()
