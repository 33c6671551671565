#!/usr/bin/env bash
# pyarrow 25.0.1: an Arrow IPC stream that is cut between two batches is read as a shorter stream, without an error.
#   A stream ends with a mark of eight bytes, but the mark may be left out (a writer may just stop), so whoever reads takes the end of the file
#   for the end of the stream. A copy that was cut there, or what a writer left that was killed, loses its last batches in silence.
#   open_stream, read_all and read_pandas have no option that asks for the mark. Cut anywhere else it is an error, as it is for the file format.
#   Cure: look whether the last eight bytes that were read are ff ff ff ff 00 00 00 00.
#
# Seen:
#   stream of 4 batches: whole 40 rows, with its mark
#   without its last 8 bytes: 40 rows; cut behind batch 3: 30 rows; behind batch 1: 10 rows; behind the schema: 0 rows; one byte less: an error
#   the same batches in a file of Arrow's: without its last 8 bytes an error
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==25.0.1

cat >"$here/cut.py" <<'PY'
import io

import pyarrow as pa

MARK = b"\xff\xff\xff\xff\0\0\0\0"
schema = pa.schema({"n": pa.int64()})
batch = pa.record_batch({"n": list(range(10))}, schema=schema)


def written(make):
    sink, ends = io.BytesIO(), []
    with make(sink, schema) as writer:
        for _ in range(4):
            writer.write_batch(batch)
            ends.append(sink.tell())
    return sink.getvalue(), ends


def rows(content, read=pa.ipc.open_stream):
    try:
        return f"{read(io.BytesIO(content)).read_all().num_rows} rows"
    except (pa.ArrowInvalid, OSError):
        return "an error"


stream, ends = written(pa.ipc.new_stream)
behind_schema = ends[0] - (ends[1] - ends[0])
print(f"stream of 4 batches: whole {rows(stream)}, {'with' if stream.endswith(MARK) else 'without'} its mark")
print(
    f"without its last 8 bytes: {rows(stream[:-8])}; cut behind batch 3: {rows(stream[: ends[2]])}; behind batch 1: {rows(stream[: ends[0]])}; "
    f"behind the schema: {rows(stream[:behind_schema])}; one byte less: {rows(stream[: ends[2] - 1])}"
)
file, _ = written(pa.ipc.new_file)
print(f"the same batches in a file of Arrow's: without its last 8 bytes {rows(file[:-8], pa.ipc.open_file)}")
PY
"$here/venv/bin/python" "$here/cut.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
stream of 4 batches: whole 40 rows, with its mark
without its last 8 bytes: 40 rows; cut behind batch 3: 30 rows; behind batch 1: 10 rows; behind the schema: 0 rows; one byte less: an error
the same batches in a file of Arrow's: without its last 8 bytes an error
END
