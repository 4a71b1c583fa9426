"""A table to take along opens as it is meant: no cell is a formula, numbers stay numbers."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from elearn import table_file

ROWS = [["Nama", "Nilai"], ["=HYPERLINK(1)", 7], ["-12,5", "@a"], ["Ani; Budi", None]]


def test_a_table_is_csv_with_semicolons_and_no_formulas(app):
    with app.test_request_context():
        answer = table_file("nilai", ROWS)
    assert answer.data.decode("utf-8-sig").splitlines() == ["Nama;Nilai", "'=HYPERLINK(1);7", "-12,5;'@a", '"Ani; Budi";']
    assert answer.headers["Content-Disposition"] == "attachment; filename=nilai.csv"


def test_a_table_is_a_workbook_whose_cells_hold_the_same(app):
    with app.test_request_context():
        answer = table_file("nilai", ROWS, style="xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        ["Nama", "Nilai"],
        ["'=HYPERLINK(1)", 7],
        ["-12,5", "'@a"],
        ["Ani; Budi", None],
    ]


def test_decimals_are_written_with_a_comma_beside_semicolons_and_stay_numbers_in_a_workbook(app):
    rows = [[14.31, Decimal("2.50"), -0.5, 7, "1.5"]]
    with app.test_request_context():
        assert table_file("a", rows).data.decode("utf-8-sig").strip() == "14,31;2,50;-0,5;7;1.5"
        sheet = load_workbook(io.BytesIO(table_file("a", rows, style="xlsx").data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [14.31, 2.5, -0.5, 7, "1.5"]


@pytest.mark.parametrize("text", ["=1+1", "+62", "-", "@x", "\tx"])
def test_what_a_spreadsheet_would_reckon_gets_a_quote(text, app):
    with app.test_request_context():
        body = table_file("a", [[text]]).data.decode("utf-8-sig")
    assert ("'" in body) == (text != "+62")
