"""Importing 356,102 messages, against a bare script that parses the same file with msgspec and writes it with pyarrow."""

import gzip
import tempfile
from pathlib import Path

from benchmarks.frame import Cost, Result, apart, best, cost, file, installation

GOAL = 3.0
MOST_MEMORY = 1024  # MB
ROWS = 356_102


def bench() -> Result:
    path = str(file("chat/lean_zulip_2018_2021.jsonl.gz"))
    runs = [(apart(bare, path), apart(ours, path)) for _ in range(2)]
    them, us = best(*(run[0] for run in runs)), best(*(run[1] for run in runs))
    lines = [f"bare script: {them}", f"Juluo: {us}", *(f"  {stage}: {seconds:.2f} s" for stage, seconds in us.says.items())]
    return Result(us.cpu / them.cpu, GOAL, lines=lines, also=us.peak < MOST_MEMORY)


def bare(path: str) -> Cost:
    import msgspec
    import pyarrow as pa
    import pyarrow.parquet as pq

    class Row(msgspec.Struct):
        id: int
        timestamp: int
        sender_full_name: str
        stream: str
        topic: str
        content: str

    names = Row.__struct_fields__
    schema = pa.schema([(name, pa.int64() if name in ("id", "timestamp") else pa.string()) for name in names])
    columns: list[list] = [[] for _ in names]
    with tempfile.TemporaryDirectory() as folder, cost() as measured:
        decoder = msgspec.json.Decoder(Row)
        with gzip.open(path, "rb") as lines, pq.ParquetWriter(Path(folder) / "rows.parquet", schema, compression="zstd") as writer:
            for line in lines:
                if not line.strip():
                    continue
                row = decoder.decode(line)
                values = (row.id, row.timestamp, row.sender_full_name, row.stream, row.topic, row.content)
                for column, value in zip(columns, values, strict=True):
                    column.append(value)
                if len(columns[0]) == 50_000:
                    writer.write_table(pa.table(columns, schema=schema))
                    columns = [[] for _ in names]
            writer.write_table(pa.table(columns, schema=schema))
    return measured


def ours(path: str) -> Cost:
    with installation():
        import time

        from juluo.ground.communities.actions import found
        from juluo.record.imports.actions import hand_over, look, run

        moments: dict[str, float] = {}
        community = found("Lean", zone="UTC")
        begun = time.process_time()
        with cost() as measured:
            imported = hand_over(community, Path(path))
            look(imported)
            run(imported, progress=lambda now: moments.__setitem__(now.state, time.process_time() - begun))
        assert imported.rows == ROWS
        measured.says = moments
    return measured
