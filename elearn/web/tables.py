"""Tables to take along, as the office's spreadsheet opens them: CSV (semicolons, as Indonesian spreadsheets want) or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets a quote before it; a negative number stays one."""
    if (
        isinstance(value, str)
        and value[:1] in ("=", "+", "-", "@", "\t", "\r")
        and not value[1:].replace(",", "").replace(".", "").isdigit()
    ):
        return f"'{value}"
    return value


def table_file(name: str, rows: Iterable[Sequence[Any]], *, style: str = "csv") -> Response:
    """The rows (the first names the columns) as a file to download, called ``name`` with the ending of its ``style``: "csv" or "xlsx"."""
    safe = ([safe_cell(cell) for cell in row] for row in rows)
    if style == "xlsx":
        body, kind = _xlsx(safe), XLSX
    else:
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows(safe)
        body, kind = b"\xef\xbb\xbf" + out.getvalue().encode(), "text/csv"
    return Response(body, mimetype=kind, headers={"Content-Disposition": f"attachment; filename={name}.{style}"})


def _xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook  # a tenth of a second that a site need not spend at its start

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
