"""A ClickHouse to reach by URL: `python -m tests.clickhouse PASSWORD` serves chDB's engine by ClickHouse's HTTP protocol.

A real ClickHouse engine, in a process of its own, behind a real socket on this machine. What the protocol asks for and a client may
meet is here: the statement in the body, in the parameter `query`, or in both; settings and `param_…` in the address; formats by
`FORMAT`, `default_format` or header; compressed bodies both ways; inserts with their data behind the statement; users and
passwords; errors with their code in `X-ClickHouse-Exception-Code`. Every request has a session of its own.

The process prints its port and ends with its stdin.
"""

import base64
import gzip
import os
import re
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

USER = "juluo"
# Parameters that the HTTP interface itself understands; any other is a setting.
RESERVED = {
    "query", "database", "user", "password", "default_format", "session_id", "session_timeout", "session_check", "query_id", "quota_key",
    "compress", "decompress", "buffer_size", "wait_end_of_query", "client_protocol_version", "role", "enable_http_compression",
    "send_progress_in_http_headers", "http_headers_progress_interval_ms",
}  # fmt: skip
STATUS = {60: 404, 81: 404, 241: 500, 243: 500, 497: 403}  # UNKNOWN_TABLE, UNKNOWN_DATABASE, memory, disk, ACCESS_DENIED; others 500
INSERT = re.compile(rb"\s*(INSERT\s+INTO\s.+?)\s+FORMAT\s+(\w+)[ \t]*\r?\n", re.IGNORECASE | re.DOTALL)


class Refused(Exception):
    """An error as ClickHouse tells it."""

    def __init__(self, code: int, name: str, message: str) -> None:
        start = "" if message.startswith("Code: ") else f"Code: {code}. DB::Exception: "
        super().__init__(f"{start}{message}. ({name}) (version 25.8.1.1)\n")
        self.code = code


class Request(BaseHTTPRequestHandler):
    """One statement."""

    protocol_version = "HTTP/1.1"
    password = ""
    engine = ":memory:"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/ping":
            self._reply(200, b"Ok.\n", {})
        else:
            self._answer(b"")

    def do_POST(self) -> None:
        self._answer(_inflate(self._body(), self.headers.get("Content-Encoding", "")))

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, body: bytes) -> None:
        params = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        headers = {"X-ClickHouse-Query-Id": params.get("query_id") or str(uuid.uuid4()), "X-ClickHouse-Timezone": "UTC"}
        try:
            self._admit(params)
            named = params.pop("query", "").encode()
            statement = named + b"\n" + body if named and body else named or body
            answer, format_ = _execute(statement, params, self.headers.get("X-ClickHouse-Format", ""), self.command == "GET")
        except Refused as error:
            status = STATUS.get(error.code, 403 if error.code == 516 else 500)
            self._reply(status, str(error).encode(), headers | {"X-ClickHouse-Exception-Code": str(error.code)})
            return
        if format_:
            headers["X-ClickHouse-Format"] = format_
        wanted = self.headers.get("Accept-Encoding", "") if params.get("enable_http_compression") == "1" else ""
        encoding = next((name for name in ("lz4", "gzip") if answer and name in wanted), "")
        if encoding:
            headers["Content-Encoding"] = encoding
        self._reply(200, _deflate(answer, encoding), headers | {"X-ClickHouse-Summary": "{}"})

    def _admit(self, params: dict[str, str]) -> None:
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        user, password = self.headers.get("X-ClickHouse-User") or params.get("user", "default"), params.get("password", "")
        password = self.headers.get("X-ClickHouse-Key", password)
        if scheme == "Basic":
            user, _, password = base64.b64decode(credentials).decode().partition(":")
        if (user, password) != (USER, self.password):
            message = f"{user}: Authentication failed: password is incorrect, or there is no user with such name"
            raise Refused(516, "AUTHENTICATION_FAILED", message)

    def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in ({"Content-Type": "text/plain; charset=UTF-8"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _execute(statement: bytes, params: dict[str, str], wanted: str, is_get: bool) -> tuple[bytes, str]:
    """The answer, and the format it is in (none for statements that answer nothing)."""
    import chdb

    bound = {name.removeprefix("param_"): value for name, value in params.items() if name.startswith("param_")}
    settings = {name: value for name, value in params.items() if name not in RESERVED and not name.startswith("param_")}
    session = chdb.connect(Request.engine)
    try:
        if params.get("database"):
            session.query(f"USE `{params['database']}`")
        for name, value in {**settings, **({"readonly": "2"} if is_get else {})}.items():
            if not re.fullmatch(r"\w+", name):
                raise Refused(115, "UNKNOWN_SETTING", f"Unknown setting {name}")
            session.query(f"SET {name} = {_quoted(value)}")
        if insert := INSERT.match(statement):
            return _insert(session, insert, statement[insert.end() :]), ""
        text = statement.decode()
        if named := re.search(r"\bFORMAT\s+(\w+)\s*;?\s*$", text, re.IGNORECASE):
            return session.query(text, params=bound).bytes() or b"", named[1]
        format_ = wanted or params.get("default_format") or "TabSeparated"
        if format_ != "TabSeparated":
            return session.query(text, format_, params=bound).bytes() or b"", format_
        names, _, rows = (session.query(text, "TabSeparatedWithNames", params=bound).bytes() or b"").partition(b"\n")
        return rows, format_ if names else ""  # a statement that answers nothing has not even names
    except RuntimeError as error:
        said = str(error)
        code, name = re.search(r"Code: (\d+)", said), re.findall(r"\(([A-Z][A-Z0-9_]+)\)", said)
        raise Refused(int(code[1]) if code else 1, name[-1] if name else "UNSUPPORTED_METHOD", said) from error
    finally:
        session.close()


def _insert(session: object, insert: re.Match[bytes], data: bytes) -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        session.query(f"{insert[1].decode()} FROM INFILE {_quoted(file.name)} FORMAT {insert[2].decode()}")  # type: ignore[attr-defined]
    return b""


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _inflate(body: bytes, encoding: str) -> bytes:
    if encoding == "lz4":
        import lz4.frame

        return lz4.frame.decompress(body)
    if encoding == "zstd":
        import pyarrow as pa

        return pa.CompressedInputStream(pa.BufferReader(body), "zstd").read()
    return gzip.decompress(body) if encoding == "gzip" else body


def _deflate(body: bytes, encoding: str) -> bytes:
    if encoding == "lz4":
        import lz4.frame

        return lz4.frame.compress(body)
    return gzip.compress(body) if encoding == "gzip" else body


@contextmanager
def running(password: str = "p@ss:w/rd") -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server and its URL for JULUO_LAKE_URL, until the end of the block; its process may be killed before."""
    command = [sys.executable, "-m", "tests.clickhouse", password]
    here = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port = int(server.stdout.readline())
            yield f"clickhouse://{USER}:{quote(password, safe='')}@127.0.0.1:{port}/juluo", server
        finally:
            server.kill()


def main() -> None:
    import chdb

    Request.password = sys.argv[1]
    keep = chdb.connect(Request.engine)  # the engine lives as long as somebody is connected
    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    keep.close()
    os._exit(0)


if __name__ == "__main__":
    main()
