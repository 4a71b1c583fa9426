"""Tables that offices bring: whatever the file is, it is read or refused."""

import io
import zipfile
from contextlib import suppress

import pytest
from openpyxl import Workbook

from elearn import Refused, read_table

HEAD = ["nip", "nama", "unit"]
LINES = [(2, {"nip": "1", "nama": "Ani", "unit": "Loket"}), (3, {"nip": "2", "nama": "Budi", "unit": ""})]


def read(data):
    return read_table(data, needed=("nip", "nama"), most=10)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_spreadsheet_ends_them_and_short_ones_are_filled_up(end):
    assert read(end.join(["nip;nama;unit", "1;Ani;Loket", "2;Budi", ""]).encode()) == LINES


def test_cells_without_a_column_are_left_out_and_zero_bytes_too():
    assert read(b"\xef\xbb\xbfNIP,Nama,Unit\r\n1,An\0i,Loket,more,,\r\n2,Budi\r\n") == LINES


def test_a_quote_that_never_ends_is_refused():
    with pytest.raises(Refused, match="CSV atau XLSX"):
        read(b'nip;nama\n1;"Ani\n' + b"x" * 140_000)


def book(*, chart=False):
    made = Workbook()
    made.active.append(HEAD)
    made.active.append([1, "Ani", "Loket"])
    if chart:
        made.create_chartsheet()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def damaged(data, part):
    """The workbook with half of one of its parts gone."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w") as made:
        for name in whole.namelist():
            made.writestr(name, whole.read(name)[: 40 if name == part else None])
    return out.getvalue()


def test_a_workbook_is_read():
    assert read(book()) == LINES[:1]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_damaged_workbook_is_refused(part):
    with pytest.raises(Refused, match="CSV atau XLSX"):
        read(damaged(book(), part))


def test_a_workbook_with_a_chart_is_read_or_refused():
    with suppress(Refused):
        assert read(book(chart=True)) == LINES[:1]
