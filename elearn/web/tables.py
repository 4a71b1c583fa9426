"""Tables to take along, as the office's spreadsheet opens them: CSV (semicolons, as Indonesian spreadsheets want) or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
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
    body = table_bytes(rows, style=style)
    return Response(
        body, mimetype=XLSX if style == "xlsx" else "text/csv", headers={"Content-Disposition": f"attachment; filename={name}.{style}"}
    )


def table_bytes(rows: Iterable[Sequence[Any]], *, style: str = "csv") -> bytes:
    """What stands in the file that ``table_file`` sends, for a command that writes one."""
    safe = ([safe_cell(cell) for cell in row] for row in rows)
    if style == "xlsx":
        return _xlsx(safe)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([_written(cell) for cell in row] for row in safe)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _written(value: Any) -> Any:
    """A number as a spreadsheet with semicolons reads it: it would take 14.31 for a time of day, and 14,31 for the number."""
    return str(value).replace(".", ",") if isinstance(value, float | Decimal) else value


def _xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook  # a tenth of a second that a site need not spend at its start

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
