"""What the watch over rows notes: every change that is committed, and no other."""

from sqlalchemy import create_engine, make_url

from deploy.local.servers import Server
from tests.row_changes import watch_rows


def test_a_change_is_noted_once_it_is_committed_and_only_when_it_is_one(sql_server: Server, database: str) -> None:
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg2"))
    with engine.begin() as connection:
        connection.exec_driver_sql("create table note (body text)")
    with watch_rows(sql_server.url, {"notes": database}) as rows:
        with engine.begin() as connection:
            connection.exec_driver_sql("insert into note values ('a')")
        assert [one.table for one in rows.take()] == ["notes.note"]

        with engine.begin() as connection:
            connection.exec_driver_sql("update note set body = 'a'")
        with engine.connect() as connection:
            connection.exec_driver_sql("insert into note values ('b')")
            connection.rollback()
        assert rows.take() == []

        with engine.begin() as connection:
            connection.exec_driver_sql("update note set body = 'b'")
            connection.exec_driver_sql("delete from note")
        assert [one.table for one in rows.take()] == ["notes.note", "notes.note"]
    engine.dispose()
