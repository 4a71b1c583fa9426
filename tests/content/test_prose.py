"""What authors write comes out as they meant it, and every fault is named with its place."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.content import prose

PICTURE = "/media/" + "0" * 40 + ".svg"


def draw(text, **more):
    more.setdefault("resolve", lambda kind, target: PICTURE if kind == "image" else "/belajar/x/y")
    return prose.render(text, file="a.md", **more)


def html(text, **more):
    return draw(text, **more).html.replace("\n", "")


LISTS = {
    "straight after a paragraph": ("Para\n- a\n- b", "<p>Para</p><ul><li>a</li><li>b</li></ul>"),
    "an ordered one straight after, from 1": ("Para\n1. a\n2. b", "<p>Para</p><ol><li>a</li><li>b</li></ol>"),
    "a year at the start of a line is no list": ("Pada tahun\n1945. Merdeka", "<p>Pada tahun1945. Merdeka</p>"),
    "nested by two": ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
    "nested by three under a number": ("1. a\n   - b", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
    "nested by four": ("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "three deep": ("- a\n  - b\n    - c", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>"),
    "another marker, another list": ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
    "a start of its own": ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
    "loose by a blank line": ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    "two paragraphs in an item": ("- a\n\n  b\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>"),
    "a lazy line": ("- a\nlanjut", "<ul><li>alanjut</li></ul>"),
    "code in an item": ("- a\n\n  ```\n  x\n  ```\n- b", "<pre><code>x</code></pre>"),
    "a quote in an item": ("- a\n  > b", "<ul><li>a<blockquote><p>b</p></blockquote></li></ul>"),
    "a rule is no list": ("* * *", "<hr>"),
    "a heading ends it": ("- a\n## B", '<ul><li>a</li></ul><h2 id="h-b">B</h2>'),
    "a loose list within a tight one": (
        "- a\n  - b\n\n  - c\n- d",
        "<ul><li>a<ul><li><p>b</p></li><li><p>c</p></li></ul></li><li>d</li></ul>",
    ),
    "tasks": ("- [ ] a\n- [x] b", '<li class="task"><input disabled="" type="checkbox"> a</li>'),
}


@pytest.mark.parametrize("case", LISTS)
def test_lists_are_read_as_they_look(case):
    text, wanted = LISTS[case]
    assert wanted in html(text)


PIECES = {
    "a fence straight after a paragraph": (
        "Para\n```\na <b>\n```\nsesudah",
        "<p>Para</p><pre><code>a &lt;b&gt;</code></pre><p>sesudah</p>",
    ),
    "a fence with blank lines": ("```python\nx = 1\n\n\ny = 2\n```", '<pre class="code"><code><span class="hl-n">x</span>'),
    "a fence in a quote": ("> ```\n> a\n> ```", "<blockquote><pre><code>a</code></pre></blockquote>"),
    "tildes hold backticks": ("~~~\n```\n~~~", "<pre><code>```</code></pre>"),
    "a table straight after a paragraph": ("Para\n| a | b |\n|---|---|\n| 1 | 2 |", "<p>Para</p><div"),
    "a table": ("| a | b |\n|---|---|\n| 1 | 2 |", "<tbody><tr><td>1</td><td>2</td></tr></tbody>"),
    "a callout": ("> [!CONTOH]\n> Isi.", '<div class="note example"><p class="title">Contoh</p><p>Isi.</p></div>'),
    "a legal basis": ("> [!DASAR HUKUM]\n> UU 25/2009", '<div class="note law"><p class="title">Dasar hukum</p>'),
    "two callouts in a row": ("> [!NOTE]\n> a\n\n> [!TIP]\n> b", '<p>a</p></div><div class="note tip">'),
    "a quote that is none of them": ("> [!LAIN]\n> a", "<blockquote><p>[!LAIN]a</p></blockquote>"),
    "strikethrough": ("~~lama~~", "<p><del>lama</del></p>"),
    "a bare address, without its full stop": (
        "Lihat https://kpk.go.id/a_b.",
        '<a href="https://kpk.go.id/a_b" rel="noopener">https://kpk.go.id/a_b</a>.',
    ),
    "a file name is no link": ("Buka main.rs dan contoh.id", "<p>Buka main.rs dan contoh.id</p>"),
    "underscores within words": ("nama_berkas_ini", "<p>nama_berkas_ini</p>"),
    "escapes": (r"\# bukan judul \> \! \~", "<p># bukan judul &gt; ! ~</p>"),
    "a hard break": ("a\\\nb", "<p>a<br>b</p>"),
    "a reference with code in it": ("[`x()`][]\n\n[`x()`]: https://a.id", '<a href="https://a.id" rel="noopener"><code>x()</code></a>'),
    "details": (
        "<details><summary>Buka</summary>\n\nIsi *miring*\n\n</details>",
        "<details><summary>Buka</summary><p>Isi <em>miring</em></p></details>",
    ),
    "a formula": ("Luas $a^2$ saja", '<math display="inline" alttext="a^2">'),
    "rupiah are no formula": ("Rp5 dan $5 atau $6 saja", "<p>Rp5 dan $5 atau $6 saja</p>"),
    "a footnote": ("Kata[^1].\n\n[^1]: Kaki.", 'href="#fn:1"'),
    "a definition": ("Istilah\n: arti", "<dl><dt>Istilah</dt><dd>arti</dd></dl>"),
    "a first heading steps down": ("# Satu\n## Dua", '<h2 id="h-satu">Satu</h2><h3 id="h-dua">Dua</h3>'),
    "a picture": ("![Alur](a.svg)", f'<img alt="Alur" decoding="async" loading="lazy" src="{PICTURE}">'),
    "a picture's width": ("![Alur](a.svg){width=50%}", 'class="w50"'),
}


@pytest.mark.parametrize("case", PIECES)
def test_each_piece_of_the_profile(case):
    text, wanted = PIECES[case]
    assert wanted in html(text)


FAULTS = {
    "M02": "satu\n\n[x](/mutlak/a.md)",
    "M03": "satu\n\n[x](hilang.md)",
    "M04": "satu\n\n![x](https://lain.id/a.png)",
    "M05": "satu\n\n![x](hilang.png)",
    "M06": "satu\n\n![](ada.png)",
    "M08": "satu\n\n<script>alert(1)</script>",
    "M09": "satu\n\n<img src='ada.png' alt='Loket'>",
    "M10": "satu\n\n<b onclick='x()'>dua</b>",
    "M11": "satu\n\n[x](javascript:alert(1))",
    "M12": "satu\n\nYth. <nama> di tempat",
    "A01": "satu\n\n[Klik di sini!](ada.md)",
    "A02": "satu\n\n![IMG_2041](ada.png)",
    "A03": "## satu\n\n#### dua",
    "A04": "satu\n\n| | |\n|---|---|\n| a | b |",
    "W20": "satu\n\nNilai {{ variabel }} di sini",
    "W21": "satu\n\nRumus $\\tidakada{x}$",
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_named_with_file_line_and_remedy(code):
    resolve = lambda kind, target: PICTURE if target.startswith("ada") else None  # noqa: E731
    (problem,) = draw(FAULTS[code], resolve=resolve, line=10).problems
    assert (problem.code, problem.file, problem.line) == (code, "a.md", 12)
    assert problem.cure()


@pytest.mark.parametrize(
    "text",
    [
        "# satu\n\n## dua\n\n### tiga",
        "## satu\n\n> [!CONTOH]\n> #### dalam kotak",
        "[Formulir laporan](ada.md) dan https://lan.go.id/sini",
        "![Petugas mencatat keluhan di loket](ada.png)",
        "| | Waktu |\n|---|---|\n| a | b |",
    ],
)
def test_what_everybody_can_read_is_no_fault(text):
    resolve = lambda kind, target: PICTURE if target.startswith("ada") else None  # noqa: E731
    assert draw(text, resolve=resolve).problems == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("<details><summary>a</summary>\n\nb\n\n</details>\n\n<kbd>Ctrl</kbd> dan <b>tebal</b>", []),
        ("`<script>` dan\n\n```html\n<script>alert(1)</script>\n```\n\n\\<nama> dan &lt;nama&gt;, 3 < 4 > 2", []),
        ("<!-- id: satu -->\n\n<https://lan.go.id/a> <petugas@contoh.go.id>", []),
        (
            "<iframe src='https://x.id'></iframe>\n\n<a href='data:text/html,x'>y</a>\n\n<svg onload=alert(1)></svg>",
            ["M08", "M08", "M10", "M11"],
        ),
        ("<div onmouseover=x()>a</div>\n\n[b](file:///etc/passwd)\n\n[c](JaVaScRiPt:alert(1))", ["M10", "M11", "M11"]),
        ("<nama>\n\n<nama> lagi, <instansi>", ["M12", "M12"]),
    ],
)
def test_html_that_acts_is_refused_and_what_would_vanish_is_pointed_out(text, codes):
    assert sorted(problem.code for problem in draw(text).problems) == codes


def test_of_two_pictures_alike_the_one_without_words_is_named():
    resolve = lambda kind, target: PICTURE  # noqa: E731
    text = "![Petugas di loket](ada.png)\n\nsatu\n\n![ ](ada.png)"
    assert [(problem.code, problem.line) for problem in draw(text, resolve=resolve).problems] == [("M06", 5)]


def test_a_text_over_the_limit_is_refused_with_its_size():
    (problem,) = draw("kata " * 60_000).problems
    assert problem.code == "M01"
    assert "300 kB" in problem.text()


def test_headings_and_words_are_counted():
    drawn = draw("## Satu\n\nDua tiga.\n\n### Empat")
    assert [(heading.level, heading.id, heading.text) for heading in drawn.headings] == [(2, "h-satu", "Satu"), (3, "h-empat", "Empat")]
    assert drawn.words == 4


def test_two_headings_alike_have_two_addresses():
    assert [heading.id for heading in draw("## Sama\n\n## Sama").headings] == ["h-sama", "h-sama-2"]


def test_blocks_stand_where_they_stood():
    text = f"a\n\n{prose.block_token(0)}\n\nb\n\n{prose.block_token(1)}"
    assert prose.split_at_blocks(draw(text).html) == ["<p>a</p>\n", 0, "\n<p>b</p>\n", 1]


def test_an_author_cannot_write_a_token():
    assert prose.without_tokens(prose.block_token(0)) == "0"
    assert prose.fragment(prose.block_token(0)).html == "<p>0</p>"
    assert "\ue002" not in html("\ue002b0\ue003 dan $x$")


@settings(max_examples=400, deadline=None)
@given(st.from_regex(prose.PLAIN, fullmatch=True).filter(lambda text: len(text) < 200))
def test_plain_words_are_drawn_as_markdown_would(text):
    slow = prose.render(text)
    assert slow.problems == ()
    quick = prose.fragment(text)
    assert (quick.html, quick.words, quick.problems) == (slow.html.strip(), slow.words, ())
    assert prose.fragment(text, inline=True).html == slow.html.strip()[3:-4]


def test_a_fragment_within_a_line_has_no_paragraph():
    assert prose.fragment("isi **tebal**", inline=True).html == "isi <strong>tebal</strong>"
    assert prose.fragment("satu\n\ndua", inline=True).html.count("<p>") == 2


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("| Situs |\n|---|\n| https://a.id/x<br>https://b.id |", ["https://a.id/x", "https://b.id"]),
        ("<u>https://a.id/x</u>, lalu", ["https://a.id/x"]),
        ("https://a.id/x[^1]\n\n[^1]: catatan", ["https://a.id/x", "#fn:1", "#fnref:1"]),
        ("https://a.id/x`kode`", ["https://a.id/x"]),
        ("“https://a.id/x”", ["https://a.id/x"]),
        ("https://a.id/x\\_y\\.", ["https://a.id/x_y"]),
        ("(lihat https://a.id/x_(y)).", ["https://a.id/x_(y)"]),
    ],
)
def test_a_typed_address_ends_where_something_else_begins(written, addresses):
    assert re.findall(r'href="([^"]*)"', prose.render(written).html) == addresses


@pytest.mark.parametrize(
    ("written", "code", "line"),
    [
        ("Teks\n\n| No | Uraian | Ket |\n|----|--------|\n| 1 | surat | a |\n", "M13", 3),
        ("| satu | dua |\n| tiga | empat |\n", "M13", 1),
        ("Teks\n\n|satu|dua|\n|tiga|empat|\n", "M13", 3),
        ("Menurut ahli:\na. satu\nb. **dua**\n", "M14", 3),
        ("1. Bab\n   a) satu\n   b) dua\n", "M14", 3),
    ],
)
def test_what_was_meant_as_a_table_or_a_list_and_is_none_is_told(written, code, line):
    assert [(one.code, one.line, one.severity) for one in draw(written).problems] == [(code, line, "warning")]


@pytest.mark.parametrize(
    "written",
    ["| a | b |\n|---|---|\n| c | d |", "a. satu\n\nb. dua", "a. satu  \nb. dua", "Pilih a. satu saja\nb. bukan", "```\n| a |\n| b |\n```"],
)
def test_what_shows_as_it_was_meant_is_not_told(written):
    assert draw(written).problems == ()
