"""What import and search of a provider directory were before, to take the new ones beside them in one run.

Files were read whole, each plan and year of a provider was a row, and a search worked out the distance of every
provider of the network (``python -m benchmarks.directory_baseline FILE`` imports into PCP_DATABASE_URL).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, MetaData, SmallInteger, Table, Text, insert, text
from sqlalchemy.orm import Session

from chassis.db import Database
from chassis.settings import load_markets
from services.pcp.directory.entries import EntryReader
from services.pcp.directory.files import ZIPS, QhpDirectory
from services.pcp.directory.plans import PlanReader
from services.pcp.directory.report import ImportReport
from services.pcp.usecases.directory_port import DirectoryEntry

METADATA = MetaData()
_FACTS = ("npi", "name", "specialty", "address", "city", "state", "zip", "phone", "panel")
PROVIDERS = Table(
    "baseline_provider",
    METADATA,
    Column("pcp_id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in _FACTS),
    Column("accepting", Boolean, nullable=False),
)
MEMBERS = Table(
    "baseline_member",
    METADATA,
    Column("plan_id", Text, primary_key=True),
    Column("plan_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("pcp_id", Text, primary_key=True),
)
# From what the new import stored: the same providers, and of each network one plan in one year.
FILL = """
insert into baseline_provider select distinct on (pcp_id) pcp_id, npi, name, specialty, address, city, state, zip,
  phone, panel, new_patients <> 'not_accepting' from location order by pcp_id, place;
insert into baseline_member select distinct on (l.pcp_id) n.plan_id, n.plan_year, l.pcp_id
  from location l join network n on l.plan_list = any(n.plan_lists)
  where n.plan_year = 2026 and n.plan_id like '%000' order by l.pcp_id;
analyze baseline_provider;
analyze baseline_member
"""
SEARCH = """
with distances as (
  select p.*, cast(round(2 * 39588 * asin(least(1.0, sqrt(
    power(sin(radians(z.latitude - :latitude) / 2), 2) + cos(radians(:latitude)) * cos(radians(z.latitude))
    * power(sin(radians(z.longitude - :longitude) / 2), 2))))) as integer) as tenth_miles
  from baseline_provider p
  join baseline_member m on m.pcp_id = p.pcp_id and m.plan_id = :plan_id and m.plan_year = :plan_year
  join zip_spot z on z.zip = p.zip
  where p.accepting
)
select * from distances where tenth_miles <= :tenths order by tenth_miles, pcp_id limit :size
"""


def main(path: Path) -> None:
    database = Database(os.environ["PCP_DATABASE_URL"])
    METADATA.create_all(database.engine)
    reader = EntryReader(
        ImportReport(), QhpDirectory(path, [ZIPS]).zip_points(), PlanReader(), lambda *_: None, illustrative=True
    )
    found = [entry for n, one in enumerate(json.loads(path.read_bytes()), 1) if (entry := reader.read(n, one))]
    with database.transaction() as session:
        session.execute(text("set local statement_timeout = 0"))
        _fill(session, PROVIDERS, map(_provider, found))
        _fill(session, MEMBERS, (row for entry in found for row in _members(entry)))
    database.close()


def _fill(session: Session, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    session.execute(insert(table), list(rows))


def _provider(entry: DirectoryEntry) -> dict[str, Any]:
    one, office = entry.provider, entry.provider.office
    at = {"address": office.address, "city": office.city, "state": office.state, "zip": office.zip}
    who = {"pcp_id": one.pcp_id, "npi": one.npi, "name": one.name, "specialty": one.specialty}
    return {**who, **at, "phone": office.phone, "panel": one.panel.value, "accepting": one.accepting}


def _members(entry: DirectoryEntry) -> Iterator[dict[str, Any]]:
    for plan in entry.plans:
        yield {"plan_id": plan.plan_id, "plan_year": plan.plan_year, "pcp_id": entry.provider.pcp_id}


if __name__ == "__main__":
    load_markets()
    main(Path(sys.argv[1]))
