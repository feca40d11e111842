"""The ClickHouse behind a `JULUO_LAKE_URL`: connections, errors in words that help, and our tables on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from juluo.kit.disk import DiskFull

from ...errors import LakeAway, LakeTooSmall
from .sql import SETTINGS
from .tables import ORDER, TABLES, column

# What a crash must not lose is on the disk before the list names it.
DURABLE = "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"
FULL, MEMORY = 243, 241  # ClickHouse's codes NOT_ENOUGH_SPACE and MEMORY_LIMIT_EXCEEDED


class Server:
    """`url` is clickhouse://user:password@host:port/database (clickhouses:// with TLS), or chdb:///path for the same engine inside this
    process, in memory where the path is empty, as tests use it.
    """

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        path = unquote(self._url.path.strip("/"))
        self.database = "juluo" if self._url.scheme == "chdb" else path or "juluo"
        self._here = local()
        self._guard = Lock()
        self._is_ready = False

    def do(self, sql: str) -> None:
        with self._listening() as client:
            client.command(sql, settings=SETTINGS)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._listening() as client:
            return [tuple(row) for row in client.query(sql, settings=SETTINGS).result_rows]

    def table(self, sql: str, params: dict[str, Any] | None = None) -> pa.Table:
        with self._listening() as client:
            return client.query_arrow(sql, parameters=params, settings=SETTINGS)

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add rows to a table, named with its database."""
        if rows.num_rows:
            with self._listening() as client:
                client.insert_arrow(table, rows)

    def drop(self, prefix: str) -> None:
        """Drop every table and view whose name begins so, views first."""
        where = f"database = '{self.database}' AND startsWith(name, '{prefix}')"
        for name, engine in self.rows(f"SELECT name, engine FROM system.tables WHERE {where} ORDER BY engine != 'View'"):
            self.do(f"DROP {'VIEW' if engine == 'View' else 'TABLE'} IF EXISTS {self.database}.{name}")

    def _prepare(self, client: Any) -> None:
        """Make the database and its tables, once a process."""
        with self._guard:
            if self._is_ready:
                return
            client.command(f"CREATE DATABASE IF NOT EXISTS {self.database}")
            for table, schema in TABLES.items():
                columns = ", ".join(column(field) for field in schema)
                client.command(
                    f"""CREATE TABLE IF NOT EXISTS {self.database}.{table} (community Int64, segment UInt64, {columns})
                    ENGINE = MergeTree PARTITION BY (community, segment) ORDER BY ({ORDER[table]}) {DURABLE}"""
                )
            client.command(
                f"""CREATE TABLE IF NOT EXISTS {self.database}.superseded (name String, since DateTime('UTC'))
                ENGINE = MergeTree ORDER BY name"""
            )
            self._is_ready = True

    def _client(self) -> Any:
        """This thread's connection."""
        if not hasattr(self._here, "client"):
            from clickhouse_connect import get_client

            url = self._url
            if url.scheme == "chdb":
                self._here.client = get_client(interface="chdb", path=url.path if url.path.strip("/") else None)
            else:
                is_safe = url.scheme == "clickhouses"
                self._here.client = get_client(
                    host=url.hostname or "localhost",
                    port=url.port or (8443 if is_safe else 8123),
                    username=unquote(url.username or "default"),
                    password=unquote(url.password or ""),
                    secure=is_safe,
                    autogenerate_session_id=False,
                )
        return self._here.client

    @contextmanager
    def _listening(self) -> Iterator[Any]:
        """A connection, and what the server says turned into what a user can mend."""
        from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

        try:
            client = self._client()
            if not self._is_ready:
                self._prepare(client)
            yield client
        except OperationalError as error:
            raise LakeAway() from error
        except DatabaseError as error:
            if error.code == FULL:
                raise DiskFull() from error
            if error.code == MEMORY:
                raise LakeTooSmall() from error
            raise
