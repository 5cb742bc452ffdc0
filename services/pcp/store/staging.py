"""Store: a directory on its way in. Its entries are copied into a table of this transaction alone, those of one
provider become one there, and only then do they take the place of the old ones: searches go on meanwhile, and a bad
file changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.pcp.domain.names import fold_name
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import MedicalGroup
from services.pcp.usecases.directory_port import DirectoryEntry, DuplicateEntries

# Rows formatted at once: about 200 kB, so that millions of them pass through little memory.
CHUNK_ROWS = 1_000

_CREATE = """
create temporary table staged_location (
  position integer, place integer, pcp_id text collate "C", plan_list integer, npi text, name text, name_key text,
  specialty text, address text, city text, state text, zip text collate "C", phone text, new_patients text, panel text,
  group_id text, illustrative boolean, languages text[], gender text, last_updated_on date
) on commit drop
"""
_COPY = "copy staged_location from stdin with (format csv, force_not_null (npi, phone))"
_SEVERAL = """
create temporary table several_entries on commit drop as
select pcp_id, (array_agg(npi order by position))[1] as npi
from staged_location group by pcp_id having min(position) < max(position)
"""
_REFUSE = """
delete from staged_location s using several_entries e where s.pcp_id = e.pcp_id and s.npi <> e.npi
returning s.position, s.npi
"""
# The earlier entry names the provider; what the entries say of specialties and languages is put together.
_MERGE = """
update staged_location s set name = f.name, name_key = f.name_key, specialty = f.specialty, panel = f.panel,
  group_id = f.group_id, languages = f.languages, gender = f.gender, last_updated_on = f.last_updated_on
from (
  select e.pcp_id, (array_agg(l.name order by l.position))[1] as name,
    (array_agg(l.name_key order by l.position))[1] as name_key,
    (select string_agg(distinct one, ', ' order by one) from staged_location t,
      unnest(string_to_array(t.specialty, ', ')) one where t.pcp_id = e.pcp_id) as specialty,
    case when min(l.panel) = max(l.panel) then min(l.panel) else 'any' end as panel,
    (array_agg(l.group_id order by l.position) filter (where l.group_id is not null))[1] as group_id,
    array(select distinct one from staged_location t, unnest(t.languages) one where t.pcp_id = e.pcp_id order by 1)
      as languages,
    (array_agg(l.gender order by l.position) filter (where l.gender is not null))[1] as gender,
    max(l.last_updated_on) as last_updated_on
  from several_entries e join staged_location l using (pcp_id) group by e.pcp_id
) f where s.pcp_id = f.pcp_id
"""
_STILL_SEVERAL = """
select count(*) from several_entries e where 1 < (
  select count(distinct position) from staged_location s where s.pcp_id = e.pcp_id
)
"""
# In the order in which searches read: what is near lies together on the disk.
_MOVE = """
insert into location (
  pcp_id, place, only_office, plan_list, npi, name, name_key, specialty, address, city, state, zip, phone, new_patients,
  panel, group_id, illustrative, languages, gender, last_updated_on, deactivated_on
)
select pcp_id, row_number() over (partition by pcp_id order by position, place),
  count(*) over (partition by pcp_id) = 1, plan_list, npi, name,
  concat_ws(' ', name_key, g.key), specialty, address, city, state, zip, phone, new_patients, panel, g.group_id,
  illustrative, languages, coalesce(s.gender, r.gender), last_updated_on, r.deactivated_on
from staged_location s left join unnest(cast(:groups as text[]), cast(:keys as text[])) as g (group_id, key)
  using (group_id) left join npi_registration r using (npi)
order by zip, plan_list
"""


# The three parts of ``domain.names.cut_word``.
_LIST_WORDS = """
insert into name_word
select distinct concat_ws(':', length(word), part, substr(word, start, size)), word
from (select distinct unnest(string_to_array(name_key, ' ')) as word from location) as words
cross join lateral (values
  (1, 1, length(word) / 3),
  (2, length(word) / 3 + 1, (length(word) + 1) / 3),
  (3, length(word) / 3 + (length(word) + 1) / 3 + 1, length(word))
) as parts (part, start, size)
where length(word) > 2
"""


@dataclass(slots=True)
class NetworkOptions:
    """What the providers of one list of plans do."""

    specialties: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)


class StagedDirectoryRepository:
    """The entries of one load, from ``copy`` to ``move``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._plan_lists: dict[tuple[PlanNetwork, ...], int] = {}
        self._options: defaultdict[int, NetworkOptions] = defaultdict(NetworkOptions)

    def copy(self, entries: Iterator[DirectoryEntry]) -> DuplicateEntries:
        # Minutes of COPY for a large directory; a stuck one is stopped by whoever runs it.
        self._session.execute(text("set local statement_timeout = 0"))
        self._session.execute(text(_CREATE))
        source = _CsvRows(row for entry in entries for row in self._rows(entry))
        with closing(self._session.connection().connection.cursor()) as cursor:
            try:
                cursor.copy_expert(_COPY, source)  # beyond the DBAPI
            except Exception:
                if source.failure:
                    raise source.failure from None
                raise
        self._session.execute(text("create index on staged_location (pcp_id)"))
        self._session.execute(text("analyze staged_location"))
        return self._merge()

    def count(self) -> int:
        return self._session.scalar(text("select count(distinct pcp_id) from staged_location")) or 0

    def move(self, groups: Mapping[str, MedicalGroup]) -> None:
        keys = [fold_name(group.name) for group in groups.values()]
        self._session.execute(text(_MOVE), {"groups": list(groups), "keys": keys})
        self._session.execute(text(_LIST_WORDS))

    def networks(self) -> Iterator[tuple[PlanNetwork, list[int], NetworkOptions]]:
        lists: defaultdict[PlanNetwork, list[int]] = defaultdict(list)
        for plans, number in self._plan_lists.items():
            for network in plans:
                lists[network].append(number)
        for network, numbers in lists.items():
            found = [self._options[number] for number in numbers]
            specialties = set[str]().union(*(one.specialties for one in found))
            yield network, numbers, NetworkOptions(specialties, set[str]().union(*(one.languages for one in found)))

    def _merge(self) -> DuplicateEntries:
        self._session.execute(text(_SEVERAL))
        refused = sorted({(row.position, row.npi) for row in self._session.execute(text(_REFUSE))})
        self._session.execute(text(_MERGE))
        return DuplicateEntries(self._session.scalar(text(_STILL_SEVERAL)) or 0, refused)

    def _rows(self, entry: DirectoryEntry) -> Iterator[Sequence[object]]:
        one = entry.provider
        number = self._plan_lists.setdefault(entry.plans, len(self._plan_lists) + 1)
        options = self._options[number]
        options.specialties.update(one.specialty.split(", "))
        options.languages.update(one.languages)
        facts = (
            one.new_patients.value,
            one.panel.value,
            entry.group_id or None,
            one.illustrative,
            _array(one.languages),
            one.gender.value if one.gender else None,
            one.last_updated_on,
        )
        whose = (one.pcp_id, number, one.npi, one.name, fold_name(one.name), one.specialty)
        for place, office in enumerate(entry.offices, 1):
            at = (office.address, office.city, office.state, office.zip, office.phone)
            yield (entry.position, place, *whose, *at, *facts)


@lru_cache(maxsize=10_000)  # a few combinations of languages, over and over
def _array(texts: tuple[str, ...]) -> str:
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


class _CsvRows(io.TextIOBase):
    """Rows as a file of CSV. The driver would say a reader's failure in words of its own, so it is kept."""

    def __init__(self, rows: Iterator[Sequence[object]]) -> None:
        self._rows = rows
        self.failure: BaseException | None = None

    def read(self, size: int | None = -1) -> str:
        """The next rows, whatever ``size``: the driver takes what it gets."""
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        try:
            for row in islice(self._rows, CHUNK_ROWS):
                writer.writerow(row)
        except BaseException as failure:
            self.failure = failure
            raise
        return buffer.getvalue()
