"""Demo users, for a machine of one's own and for tests; never in production.

The two producers' names and the two numbers 220002580 and 107864325 are the samples of R23 and R94; all else is
made up.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from chassis.db import Database
from chassis.kernel import get_markets
from chassis.settings import SuiteSettings
from gateway.identity.passwords import Passwords
from gateway.store.tables import delegations, users, writing_numbers

PASSWORD = "demo"  # noqa: S105  # refused outside local and test
_PRODUCER = "00000000-0000-4000-8000-000000000001"
_DELEGATE = "00000000-0000-4000-8000-000000000002"
_OTHER = "00000000-0000-4000-8000-000000000003"
_USERS = (
    (_PRODUCER, "producer@example.com", "Calvin Fritz", "producer"),
    (_DELEGATE, "delegate@example.com", "Dana Delegate", "delegate"),
    # somebody else, so that one can see that his records cannot be seen
    (_OTHER, "other.producer@example.com", "Olga Other", "producer"),
)
_FRITZ, _CRAVEN = "FRITZ, CALVIN C", "CRAVEN, FAZILA"
# An example in the five states that the product ships with; for others the demo makes numbers up.
_NUMBERS = (
    ("220002580", "IL", _FRITZ, _FRITZ, _PRODUCER),
    ("220002598", "IL", _FRITZ, "FRITZ BENEFITS GROUP", _PRODUCER),
    ("330004116", "MT", _FRITZ, _FRITZ, _PRODUCER),
    ("440001937", "NM", _FRITZ, _FRITZ, _PRODUCER),
    ("550007246", "OK", _FRITZ, _FRITZ, _PRODUCER),
    ("107864325", "TX", _CRAVEN, _CRAVEN, _PRODUCER),
    ("660003012", "IL", "OTHER, OLGA", "OTHER, OLGA", _OTHER),
)
# Phone number and National Producer Number: 555 numbers that nobody has, and made-up NPNs. Others have none.
_CONTACTS = {_FRITZ: ("3125550118", "1000000001"), _CRAVEN: ("7135550164", "1000000002")}
_DELEGATED = {"220002580", "440001937", "107864325"}


def seed_users(suite: SuiteSettings, database: Database) -> None:
    """Add the demo users where they are missing; existing rows, with passwords since changed, stay."""
    if suite.suite_env == "production":
        raise SystemExit("The demo users have a known password: `seed` is refused with SUITE_ENV=production.")
    with database.engine.begin() as connection:
        _add_users(connection)
        numbers = list(demo_numbers())
        for number, state, name, company, owner in numbers:
            phone, npn = _CONTACTS.get(name, ("", ""))
            row = {"number": number, "state": state, "producer_name": name, "company_name": company, "user_id": owner}
            row |= {"phone": phone, "npn": npn}
            connection.execute(insert(writing_numbers).values(row).on_conflict_do_nothing())
        for number in {number for number, *_ in numbers} & _DELEGATED:
            row = {"delegate_id": _DELEGATE, "number": number}
            connection.execute(insert(delegations).values(row).on_conflict_do_nothing())


def refuse_demo_users(suite: SuiteSettings, database: Database) -> None:
    """In production nobody is served while a demo user could sign in."""
    if suite.suite_env != "production":
        return
    known = users.c.user_id.in_([user_id for user_id, *_ in _USERS])
    try:
        with database.engine.connect() as connection:
            found = connection.execute(users.select().with_only_columns(users.c.email).where(known)).scalars().all()
    except SQLAlchemyError:
        raise SystemExit("The gateway's database does not answer, or `migrate` has not run on it yet.") from None
    if found:
        names = ", ".join(sorted(found))
        raise SystemExit(f"The demo users {names} are in the database: delete them before SUITE_ENV=production.")


def demo_numbers() -> Iterator[tuple[str, str, str, str, str]]:
    """The demo's producer sells in every state of the registry."""
    yield from (row for row in _NUMBERS if row[1] in get_markets())
    numbered = {state for _, state, *_ in _NUMBERS}
    for state in get_markets().states:
        if state not in numbered:
            # Nine digits as everywhere: 9, the places of both letters in the alphabet, 0001.
            places = "".join(f"{ord(letter) - ord('A') + 1:02}" for letter in state)
            yield f"9{places}0001", state, _FRITZ, _FRITZ, _PRODUCER


def _add_users(connection: Connection) -> None:
    present = {user_id for (user_id,) in connection.execute(users.select().with_only_columns(users.c.user_id))}
    passwords = Passwords()
    for user_id, email, name, role in _USERS:
        if user_id not in present:
            row = {"user_id": user_id, "email": email, "name": name, "role": role}
            connection.execute(users.insert().values(**row, password_hash=passwords.hash(PASSWORD)))
