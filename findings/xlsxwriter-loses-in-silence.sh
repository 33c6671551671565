#!/usr/bin/env bash
# XlsxWriter (3.3.1): what a sheet has no room for is lost without an exception; only the numbers that its methods return tell it.
#   A text of more than 32,767 characters is cut (-2), what lies past row 1,048,576 is left out (-1), and with constant_memory, which is what
#   keeps memory flat, a cell of a row before the last one is left out too (-1). A text that looks like an address becomes a link: past 65,530
#   of them a warning is given and the cell stays EMPTY (-4), so its words are lost, not the link alone.
#   Cure: write row by row with write_string (never write), strings_to_urls and strings_to_formulas off; count what is longer, and say so.
#
# Seen:
#   cut: -2 32767 characters
#   a row before the last: -1
#   past the last row: -1
#   links: 65530 of 65531 cells have their text
set -euo pipefail

python3 - <<'PY'
import re
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

from xlsxwriter import Workbook

warnings.simplefilter("ignore")
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "rows.xlsx"
    with Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        cut = sheet.write_string(0, 0, "x" * 40_000)
        sheet.write_string(2, 0, "later")
        before = sheet.write_string(1, 0, "before")
        past = sheet.write_string(1_048_576, 0, "past")
    with zipfile.ZipFile(file) as book:
        kept = len(max(re.findall(r"x+", book.read("xl/worksheets/sheet1.xml").decode()), key=len))
    with Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(65_531):
            sheet.write(row, 0, f"https://e.example/{row}")
    with zipfile.ZipFile(file) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode().count("https://e.example/")
print("cut:", cut, kept, "characters")
print("a row before the last:", before)
print("past the last row:", past)
print("links:", cells, "of 65531 cells have their text")
sys.exit((cut, kept, before, past, cells) != (-2, 32_767, -1, -1, 65_530))
PY
