"""``portal COMMAND`` or ``python -m portal COMMAND``: what whoever runs the suite asks it."""

import typer

from portal.rules import rules

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(rules)


@app.callback()
def portal() -> None:
    """Looks after a running suite, or what it is about to run with. Nothing is changed unless a command says so."""


def main() -> None:
    app(prog_name="portal")


if __name__ == "__main__":
    main()
