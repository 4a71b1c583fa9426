"""The head of a lesson, where a hasty hand damaged it: said, and put right by tidying."""

import pytest

from elearn.content.heads import is_damaged, mended
from elearn.content.manifest import read_front_matter

WHOLE = "---\njudul: Satu\nmenit: 5\n---\n\nIsi.\n"


@pytest.mark.parametrize(
    "text",
    [
        "judul: Satu\nmenit: 5\n---\n\nIsi.\n",
        "--\njudul: Satu\nmenit: 5\n--\n\nIsi.\n",
        "—\nJudul: Satu\nMenit : 5\n—\n\nIsi.\n",
        "\n\n---\njudul: Satu\nmenit: 5\n---\n\nIsi.\n",
        "---\njudul: Satu\nmenit: 5\n\nIsi.\n",
        "---\njudul: Satu\nmenit: 5\n-----\nIsi.\n",
    ],
)
def test_a_damaged_head_is_told_and_mended(text):
    assert is_damaged(text)
    _matter, problems = read_front_matter(text, file="a.md", plugin_kinds={})
    assert [(problem.code, problem.line) for problem in problems] == [("C22", 1)]
    assert mended(text) == WHOLE


@pytest.mark.parametrize("before", ["![Antrean](../media/antrean.webp)", "Kalimat yang ditaruh di depan.\n\nDan satu lagi."])
def test_a_head_that_something_was_put_before_is_told_and_goes_up(before):
    text = f"{before}\n\n---\njudul: Satu\nmenit: 5\ndasar:\n  - PP 94/2021\n---\n\nIsi.\n"
    _matter, problems = read_front_matter(text, file="a.md", plugin_kinds={})
    assert [(problem.code, problem.line) for problem in problems] == [("C22", 1)]
    better = mended(text)
    assert better == f"---\njudul: Satu\nmenit: 5\ndasar:\n  - PP 94/2021\n---\n\n{before}\n\n\nIsi.\n"
    assert not is_damaged(better)
    assert mended(better) == better


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("---\njudul: Modul 1: Pengantar\n---\n\nIsi.", '---\njudul: "Modul 1: Pengantar"\n---\n\nIsi.'),
        ("---\n Judul : Satu\n---\n\nIsi.", "---\njudul: Satu\n---\n\nIsi."),
        ("---\njudul: ?\n---\n\nIsi.", '---\njudul: "?"\n---\n\nIsi.'),
    ],
)
def test_what_yaml_would_stumble_over_is_put_right(text, better):
    assert mended(text) == better
    assert mended(better) == better


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        "---\njudul:  Satu\nasing:\n  waktu: 1\n---\nIsi.",
        '---\njudul: "Modul 1: Pengantar"\ndasar:\n  - "PP 94/2021"\n---\n\nIsi.',
        "Isi biasa.\n\njudul: bukan kepala",
        "---\n\nGaris, bukan kepala.",
        "Waktu: 10 menit",
        "Begini kepalanya:\n\n```\n---\njudul: Contoh\nmenit: 5\n---\n```\n",
        "Satu.\n\n---\nJudul: bukan kepala, kalimat\nyang berlanjut.\n\n---\n",
        WHOLE + "\n---\njudul: Contoh\n---\n",
        "",
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert not is_damaged(text)
    assert mended(text) == text
