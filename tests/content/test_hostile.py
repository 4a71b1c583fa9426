"""Texts built to hang or break a reader are drawn or refused with clear words, within seconds of CPU."""

import sys
import time

import pytest

from elearn.content import prose, sandbox
from elearn.content.folder import Kinds
from elearn.content.reading import read_course

SIZE = 199_000
HOSTILE = {
    "brackets": "[", "picture brackets": "![", "empty links": "[a](", "half links": "[a][b]", "footnotes": "a[^1]\n\n[^1]: b\n\n", "addresses": "https://a.",
    "stars": "*a ", "only stars": "*", "strong": "**a*", "underscores": "_a_", "tildes": "~~a", "backticks": "`a``b", "only backticks": "`",
    "open tags": "<a ", "angles": "<", "divs": "<div>", "comments": "<!--", "dollars": "$a ", "double dollars": "$$a", "fractions": "$\\frac{",
    "entities": "&#", "items": "- a\n\nb\n\n", "markers": "- a\n* b\n", "numbers": "1. a\n", "headings": "# a\n", "fences": "```\n", "fences in items": "- ```\n",
    "details": "<details>\n\n", "definitions": "a\n: b\n\n", "lines": "\n", "spaces": " ", "backslashes": "\\", "references": "[a]: b\n", "parentheses": "https://a(",
    "callouts": "> [!NOTE]\n> a\n\n", "mail": "<a@b.c>", "bangs": "!", "boxes": "- [ ] ", "dashes": "- ", "pipes": "|a", "rows": "|a|b|\n|-|-|\n",
}  # fmt: skip
SHAPES = {
    "a deep list": "".join("  " * depth + "- a\n" for depth in range(400)),
    "a deep quote": ">" * 5_000 + "a\n",
    "quotes in quotes": ("> " * 200 + "a\n") * 400,
    "a table of pipes": "|a" * 40_000 + "\n" + "|-" * 40_000,
    "a formula that defines itself": "$\\def\\a{\\a}\\a$",
    "a formula in a formula": "$" + "\\sqrt{" * 240 + "x" + "}" * 240 + "$",
    "zero bytes": "a\0b" * 1_000,
    "half of a surrogate": "a\ufffdb\u202e\u200b" * 5_000,
}


def texts():
    yield from ((name, (piece * (SIZE // len(piece) + 1))[:SIZE]) for name, piece in HOSTILE.items())
    yield from SHAPES.items()


@pytest.mark.parametrize(("name", "text"), list(texts()), ids=lambda value: value if len(value) < 60 and "\n" not in value else "")
def test_a_hostile_lesson_is_drawn_or_refused_in_time(tmp_path, monkeypatch, name, text):
    # Where the limit strikes in a callback that C calls, Python drops it with a word, and it strikes again: in pytest's own hook too.
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    folder = tmp_path / "musuh"
    (folder / "01-modul").mkdir(parents=True)
    (folder / "course.yml").write_text("judul: Musuh\nringkasan: x\nbahasa: id\njp: 1\n")
    (folder / "01-modul" / "01-satu.md").write_text("---\njudul: Satu\nmenit: 1\n---\n" + text, "utf-8")
    began = time.process_time()
    reading = read_course(folder, Kinds())
    assert time.process_time() - began < 2 * sandbox.SECONDS_A_FILE, "the limit did not hold"
    lessons = list(reading.course.lessons())
    assert lessons or reading.errors, "neither drawn nor refused"
    for problem in reading.errors:
        assert problem.text()


def test_a_child_that_eats_memory_or_time_is_killed():
    with pytest.raises(sandbox.Killed):
        sandbox.run(eat_memory, cpu_seconds=20, memory_bytes=600_000_000)
    with pytest.raises(sandbox.Killed):
        sandbox.run(spin, cpu_seconds=1, memory_bytes=2_000_000_000)


def test_a_child_answers_and_raises_as_if_it_were_here():
    assert sandbox.run(sorted, [3, 1, 2], cpu_seconds=5, memory_bytes=2_000_000_000) == [1, 2, 3]
    with pytest.raises(KeyError, match="x"):
        sandbox.run(fail, cpu_seconds=5, memory_bytes=2_000_000_000)


def test_the_limit_ends_with_its_block():
    with sandbox.cpu_limit(0.2):
        pass
    began = time.process_time()
    while time.process_time() - began < 0.3:
        pass
    with pytest.raises(sandbox.TooSlow), sandbox.cpu_limit(0.1):
        spin()


def test_the_limit_waits_for_a_block_that_must_not_break():
    seen = []

    def work():
        with sandbox.cpu_limit(0.05):
            with sandbox.unbroken():
                began = time.process_time()
                while time.process_time() - began < 0.2:
                    pass
                seen.append("to its end")
            seen.append("forgotten")

    with pytest.raises(sandbox.TooSlow):
        work()
    assert seen == ["to its end"]


def test_a_lesson_of_real_size_is_drawn_quickly_enough():
    text = "## Judul\n\nKalimat biasa dengan **tebal** dan [tautan](a.md).\n\n- satu\n- dua\n\n" * 60
    began = time.process_time()
    assert prose.render(text, resolve=lambda kind, target: "/x").words > 500
    assert time.process_time() - began < 2.0


def eat_memory():
    return len([bytes(10_000_000) for _ in range(200)])


def spin():
    while True:
        pass


def fail():
    raise KeyError("x")
