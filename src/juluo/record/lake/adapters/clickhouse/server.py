"""The ClickHouse behind a `JULUO_LAKE_URL`: connections, errors in words that help, and our tables on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from juluo.kit.disk import DiskFull

from ...errors import LakeAway, LakeRefused, LakeSlow, LakeTooSmall
from ...registry import dimensions
from .sql import SETTINGS
from .tables import ORDER, TABLES, column

# What a crash must not lose is on the disk before the list names it.
DURABLE = "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"
# Threads that hand little things to each other cost more than they save.
INSIDE = SETTINGS | {"max_threads": 1}
# ClickHouse's codes.
FULL, MEMORY = 243, 241  # NOT_ENOUGH_SPACE, MEMORY_LIMIT_EXCEEDED
SHUT = {192, 193, 194, 497, 516}  # UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, ACCESS_DENIED, AUTHENTICATION_FAILED
LATE = {159, 209}  # TIMEOUT_EXCEEDED, SOCKET_TIMEOUT
# Seconds. An answer may take long, but not be silent for long: the server sends progress meanwhile.
TO_CONNECT, TO_ANSWER, TO_GREET = 5, 300, 3


class Server:
    """`url` is clickhouse://user:password@host:port/database (clickhouses:// with TLS), or chdb:///path for the same engine inside this
    process, in memory where the path is empty, as tests use it.
    """

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        path = unquote(self._url.path.strip("/"))
        self._is_inside = self._url.scheme == "chdb"
        self.database = "juluo" if self._is_inside else path or "juluo"
        # The engine in this process keeps its settings: given with a question, each would be read, set and set back around it.
        self._settings = {} if self._is_inside else SETTINGS
        self._here = local()
        self._guard = Lock()
        self._is_ready = False

    def do(self, sql: str) -> None:
        with self._listening() as client:
            client.command(sql, settings=self._settings)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._listening() as client:
            return [tuple(row) for row in client.query(sql, settings=self._settings).result_rows]

    def table(self, sql: str, params: dict[str, Any] | None = None) -> pa.Table:
        with self._listening() as client:
            return client.query_arrow(sql, parameters=params, settings=self._settings)

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
                client.command(self._creating(table, schema, ORDER[table]))
            for known in dimensions:
                client.command(self._creating(known.code, known.schema, "tuple()"))
            client.command(
                f"""CREATE TABLE IF NOT EXISTS {self.database}.superseded (name String, since DateTime('UTC'))
                ENGINE = MergeTree ORDER BY name"""
            )
            self._is_ready = True

    def _creating(self, table: str, schema: pa.Schema, order: str) -> str:
        columns = ", ".join(column(field) for field in schema)
        return f"""CREATE TABLE IF NOT EXISTS {self.database}.{table} (community Int64, segment UInt64, {columns})
            ENGINE = MergeTree PARTITION BY (community, segment) ORDER BY ({order}) {DURABLE}"""

    def greet(self) -> None:
        """Return when the server answers at once; else raise `LakeAway`, `LakeRefused` or `LakeSlow`."""
        with _told():
            self._connect(TO_GREET).close()

    def _client(self) -> Any:
        """This thread's connection."""
        if not hasattr(self._here, "client"):
            self._here.client = self._connect(TO_ANSWER)
        return self._here.client

    def _connect(self, patience: int) -> Any:
        """A connection that asked the server for its version and was answered; no answer may take longer than `patience` seconds."""
        from clickhouse_connect import get_client

        url = self._url
        if self._is_inside:
            client = get_client(interface="chdb", path=url.path if url.path.strip("/") else None)
            client.command("SET " + ", ".join(f"{name} = '{value}'" for name, value in INSIDE.items()))
            return client
        is_safe = url.scheme == "clickhouses"
        return get_client(
            host=url.hostname or "localhost",
            port=url.port or (8443 if is_safe else 8123),
            username=unquote(url.username or "default"),
            password=unquote(url.password or ""),
            secure=is_safe,
            autogenerate_session_id=False,
            connect_timeout=min(TO_CONNECT, patience),
            send_receive_timeout=patience,
        )

    @contextmanager
    def _listening(self) -> Iterator[Any]:
        """A connection with our tables behind it."""
        with _told():
            client = self._client()
            if not self._is_ready:
                self._prepare(client)
            yield client


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the server says, or that it says nothing, into what a user can mend."""
    from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

    try:
        yield
    except DatabaseError as error:
        if error.code == FULL:
            raise DiskFull() from error
        if error.code == MEMORY:
            raise LakeTooSmall() from error
        if error.code in SHUT:
            raise LakeRefused() from error
        if error.code in LATE or _is_silence(error):
            raise LakeSlow() from error
        if isinstance(error, OperationalError):
            raise LakeAway() from error
        raise


def _is_silence(error: BaseException) -> bool:
    """Whether the server was there, and did not answer in time."""
    from urllib3.exceptions import ReadTimeoutError

    cause = error.__cause__
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, ReadTimeoutError)
