"""Many applications that can be submitted, as copies of one."""

from sqlalchemy import Connection, text

_COPY = """
insert into {table}
select (jsonb_populate_record(model, jsonb_build_object({changes}))).*
from {table} model, generate_series(cast(:first as bigint), cast(:last as bigint)) n where model.record_number = :model
"""
_NUMBER = "'A-' || lpad(n::text, greatest(4, length(n::text)), '0')"
_CHANGES = {
    "application": f"'record_number', {_NUMBER}, 'number', n, 'version', 1",
    "person": f"'record_number', {_NUMBER}, 'person_id', gen_random_uuid()::text",
}


def copy_application(connection: Connection, model: str, count: int) -> list[str]:
    """Copies of the application with that record number in the database of enrollment; gives their record numbers."""
    last = connection.scalar(text("update counter set last = last + :count returning last"), {"count": count})
    assert isinstance(last, int)
    first = last - count + 1
    span = {"first": first, "last": last, "model": model}
    for table, changes in _CHANGES.items():
        connection.execute(text(_COPY.format(table=table, changes=changes)), span)
    return [f"A-{number:04d}" for number in range(first, last + 1)]
