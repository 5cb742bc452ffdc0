"""The servers of the tests are like those of `make run`, whichever way they come."""

import psycopg

from deploy.local.servers import Server
from deploy.local.servers.postgres import MAX_CONNECTIONS


def test_database_server_takes_as_many_connections_either_way(sql_server: Server) -> None:
    with psycopg.connect(sql_server.url) as connection:
        row = connection.execute("show max_connections").fetchone()
    assert row == (str(MAX_CONNECTIONS),)
