"""Prints the table of ``chassis/kernel/zip_prefixes.py``; run like ``make_zip_data``, with the same packages.

/tmp/geodata/bin/python -m deploy.geodata.make_zip_prefixes
"""

from __future__ import annotations

import importlib
import sys
from collections import defaultdict
from collections.abc import Iterable


def main() -> None:
    states: dict[str, set[int]] = defaultdict(set)
    listed: list[dict[str, str]] = importlib.import_module("zipcodes").list_all()
    for row in listed:
        states[row["state"]].add(int(row["zip_code"][:3]))
    for state, prefixes in sorted(states.items()):
        sys.stdout.write(f'    "{state}": "{" ".join(_ranges(prefixes))}",\n')


def _ranges(prefixes: Iterable[int]) -> list[str]:
    spans: list[list[int]] = []
    for prefix in sorted(prefixes):
        if spans and spans[-1][1] == prefix - 1:
            spans[-1][1] = prefix
        else:
            spans.append([prefix, prefix])
    return [f"{first:03d}" if first == last else f"{first:03d}-{last:03d}" for first, last in spans]


if __name__ == "__main__":
    main()
