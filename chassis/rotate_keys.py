"""Command ``rotate-keys`` of a service that seals values (docs/how-to/rotate-keys.md)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from chassis.crypto import KeyProvider, describe_key
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.key_rotation import SealedColumn, count_by_key, record_rotation, rewrap
from chassis.kernel import Unavailable
from chassis.service import Runtime

# Where values lie that are counted and not rewrapped: the name of the place, and how many are under which key.
Counted = Mapping[str, Callable[[], Counter[str]]]


def rotate_keys(
    runtime: Runtime,
    keys: KeyProvider,
    tables: InfrastructureTables,
    columns: Sequence[SealedColumn],
    counted: Counted,
) -> None:
    """Ends with 1 while anything is sealed under another key than the current one; ``--check`` changes nothing."""
    arguments = sys.argv[2:]
    if arguments not in ([], ["--check"]):
        raise SystemExit("rotate-keys takes no argument but --check.")
    try:
        if not arguments:
            for column in columns:
                _rewrap(runtime, keys, tables, column)
        left = sum([_count(column.name, count_by_key(runtime.database, column), keys) for column in columns])
        left += sum([_count(name, count(), keys) for name, count in counted.items()])
    except Unavailable as away:
        raise SystemExit(f"{away.message} What was rewrapped stays so; run the command again.") from None
    if left:
        _say(f"{left:,} under other keys: keep those keys in the settings.")
        raise SystemExit(1)
    _say(f"Everything is sealed under {describe_key(keys.current)}.")


def _rewrap(runtime: Runtime, keys: KeyProvider, tables: InfrastructureTables, column: SealedColumn) -> None:
    found = rewrap(runtime.database, column)
    said = f"{column.name}: {found.done:,} rewrapped to {describe_key(keys.current)}"
    _say("; ".join([said, *(f"{number:,} left {why}" for why, number in found.failed.items())]))
    summary = f"{said}, {found.failed.total():,} could not be"
    record_rotation(runtime.database, tables, runtime.name, runtime.clock.now(), summary)


def _count(name: str, found: Counter[str], keys: KeyProvider) -> int:
    """How many are under other keys."""
    for key, number in sorted(found.items()):
        _say(f"{name}: {number:,} under {key}")
    return found.total() - found[describe_key(keys.current)]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
