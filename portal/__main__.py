"""``portal COMMAND`` or ``python -m portal COMMAND``: the commands of the suite's operator."""

import typer

from portal.rules import rules

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(rules)


@app.callback()
def portal() -> None:
    """Commands for anyone who operates the suite. A command changes nothing unless its help says so."""


def main() -> None:
    app(prog_name="portal")


if __name__ == "__main__":
    main()
