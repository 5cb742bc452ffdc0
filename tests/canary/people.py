"""Made-up people whose numbers and birth dates stand nowhere else: whatever finds one has found a leak."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stdnum import luhn
from stdnum.us import rtn


class Kind(StrEnum):
    """What of a person is looked for."""

    SSN = "social security number"
    BIRTH_DATE = "birth date"
    CARD = "card number"
    ACCOUNT = "account number"


@dataclass(frozen=True, order=True)
class Canary:
    """One value of one person: digits, of a birth date its ISO form."""

    kind: Kind
    value: str


@dataclass(frozen=True)
class MarkedPerson:
    """Somebody with one value of each kind."""

    number: int
    ssn: str
    born: date
    card: str
    account: str
    routing: str

    @property
    def first_name(self) -> str:
        """Letters alone, and another one for each."""
        return "Mar" + "".join(chr(ord("a") + int(digit)) for digit in f"{self.number:03}")

    @property
    def last_name(self) -> str:
        return "Sample"

    @property
    def canaries(self) -> frozenset[Canary]:
        pairs = (
            (Kind.SSN, self.ssn),
            (Kind.BIRTH_DATE, self.born.isoformat()),
            (Kind.CARD, self.card),
            (Kind.ACCOUNT, self.account),
        )
        return frozenset(Canary(*pair) for pair in pairs)


# Adults from the first to the last day; no test or demo has anybody of these years who was born on the same day.
FIRST_BORN, LAST_BORN = date(1964, 2, 1), date(1986, 11, 30)
# Of the demo and of other tests, whose rows lie in the same databases.
TAKEN = frozenset({date(1979, 6, 14), date(1978, 2, 10), date(1986, 3, 14)})


def make_people(count: int, seed: int = 1) -> list[MarkedPerson]:
    """The same for the same seed."""
    chance = random.Random(seed)
    days = [FIRST_BORN + timedelta(days=n) for n in range((LAST_BORN - FIRST_BORN).days)]
    # a day above twelve tells month from day, and every order of them is another spelling
    days = [day for day in days if day.day > 12 and day not in TAKEN]
    born = chance.sample(days, count)
    return [_make_person(number, day, chance) for number, day in enumerate(born, 1)]


def _make_person(number: int, born: date, chance: random.Random) -> MarkedPerson:
    # 900 to 999, 666 and 000 are no areas; a group or a serial of zeros is none either
    ssn = f"{chance.randint(100, 665):03}{chance.randint(11, 99):02}{chance.randint(1001, 9999):04}"
    card = "4" + "".join(str(chance.randint(0, 9)) for _ in range(14))
    routing = f"0{chance.randint(1, 9)}{chance.randint(100000, 999999)}"
    return MarkedPerson(
        number,
        ssn,
        born,
        card + luhn.calc_check_digit(card),
        str(chance.randint(10**11, 10**12 - 1)),
        routing + rtn.calc_check_digit(routing),
    )
