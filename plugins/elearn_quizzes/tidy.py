"""Reads what people type in Word as if they had typed the syntax: each repair keeps the lines' places and is told as "fixed"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.keywords import TYPES, keyword
from elearn_quizzes.lines import ITEM, QUOTE, Line, expand_leading_tabs, outside_code
from elearn_quizzes.lists import BOX
from elearn_quizzes.texts import normal

_BULLETS = "-*+•·▪●○◦–—\uf0b7"
_TICKS = "xXvV✓✔√☑☒✅"
_BOXED = re.compile(
    rf"^(?P<lead> {{0,3}})(?P<marker>[{re.escape(_BULLETS)}]|\d{{1,2}}[.)])?(?P<gap>\s*)"
    rf"(?P<open>[(\[])\s*(?P<mark>[{_TICKS}]|[-+−]?\d+(?:[.,]\d+)?\s*%?|)\s*(?P<close>[)\]])(?P<behind>\s*)(?P<text>.*)$"
)
_AS_WRITTEN = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)]) +[(\[](?: |[xX]|[-+−]?\d+(?:[.,]\d+)?%?)[)\]](?: +\S.*|\s*)$")
_GLYPH = re.compile(rf"^(?P<lead> {{0,3}})(?:[{re.escape(_BULLETS)}]\s*)?(?P<glyph>[☐□☑☒✅])\s*(?P<text>\S.*)$")
_LETTERED = re.compile(
    rf"^ {{0,3}}(?:[{re.escape(_BULLETS)}]\s+)?(?:\*\*|__)?(?P<letter>[A-Ja-j])(?:\\?[.)])(?:\*\*|__)?\s+(?:\*\*|__)?(?P<text>\S.*)$"
)
_LETTERS = re.compile(r"[A-J]")
_BETWEEN = re.compile(r"(?:\bdan\b|\bserta\b|\band\b|[,;&/.)( ]|\*)+", re.IGNORECASE)
_WITH_TEXT = re.compile(r"([A-Ja-j])[.)]\s+(\S.*)")


@dataclass(frozen=True)
class _Key:
    """A line "Jawaban: B" and the letters it names."""

    index: int
    letters: tuple[str, ...]


def tidy(lines: Sequence[Line]) -> tuple[list[Line], list[Problem]]:
    """The lines of one question in the syntax's own form, and what was put right. Every line keeps its number; what comes behind
    "Pembahasan:" is left as it is."""
    lines = [Line(line.number, expand_leading_tabs(line.text)) for line in lines]
    end = next((index for index, line in enumerate(lines) if (found := keyword(line.text)) and found[0] == "explanation"), len(lines))
    head, tail = lines[:end], lines[end:]
    outside = outside_code(head)
    problems: list[Problem] = []
    head = _boxes(head, outside, problems)
    head = _letters(head, outside, problems)
    head = _quotes(head, outside, problems)
    return _blank_lines(head + tail, outside, problems), problems


def letters_named(value: str) -> tuple[str, ...]:
    """The option letters an answer names: "B" and "A dan C", "a, c"; nothing where it says anything else."""
    with_text = _WITH_TEXT.fullmatch(value.strip())
    if with_text and not letters_named(with_text[2]):
        return (with_text[1].upper(),)
    words = [word for word in _BETWEEN.split(value.strip()) if word]
    named = tuple(word.upper() for word in words if len(word) == 1)
    if not named or len(named) != len(words) or not all(_LETTERS.fullmatch(word) for word in named):
        return ()
    return tuple(dict.fromkeys(named))


def _boxes(lines: list[Line], outside: list[bool], problems: list[Problem]) -> list[Line]:
    """Marks of options written otherwise: "-(x)", "• [x]", "[✓]", "☑", a bracket with no bullet."""
    bare = [index for index, line in enumerate(lines) if outside[index] and _is_bare(line.text)]
    repaired: list[int] = []
    announced = False  # below "Urutkan:" and "Pasangkan:" a bracket is part of the text
    for index, line in enumerate(lines):
        found = keyword(line.text) if outside[index] else None
        announced = found[0] in ("order", "match") if found else announced
        if not outside[index] or announced:
            continue
        text = _boxed(line.text, allow_bare=len(bare) >= 2)
        if text != line.text:
            lines[index] = Line(line.number, text)
            repaired.append(line.number)
    if repaired:
        problems.append(
            fault("F20", "{count} tanda pilihan dirapikan menjadi “- (x)” atau “- [x]”.", line=repaired[0], count=len(repaired))
        )
    return lines


def _is_bare(text: str) -> bool:
    match = _BOXED.match(text)
    return bool(match and not match["marker"] and match["mark"] in ("", "x", "X", *_TICKS[4:]) and match["behind"] and match["text"])


def _boxed(text: str, *, allow_bare: bool) -> str:
    """A line with its box in the syntax's own form; the line itself where it has none, or has it right already."""
    glyph = _GLYPH.match(text)
    if glyph:
        return f"{glyph['lead']}- [{' ' if glyph['glyph'] in '☐□' else 'x'}] {glyph['text']}"
    match = _BOXED.match(text)
    if _AS_WRITTEN.match(text) or match is None or not _means_a_box(match, allow_bare=allow_bare):
        return text
    mark = match["mark"].replace(" ", "")
    return f"{match['lead']}- {match['open']}{'x' if mark in tuple(_TICKS) else mark or ' '}{match['close']} {match['text']}"


def _means_a_box(match: re.Match[str], *, allow_bare: bool) -> bool:
    """Whether the bracket is an option's, and not a link, a number in brackets, a roman numeral or a formula."""
    mark, text = match["mark"], match["text"]
    if not match["marker"] and not (allow_bare and _is_bare(match[0])):
        return False
    if mark and mark not in _TICKS and not match["gap"]:
        return False
    if mark in ("v", "V") and match["open"] == "(":
        return False
    return bool(match["behind"]) or not text or text[0].isalnum() or text[0] in '"“'


def _letters(lines: list[Line], outside: list[bool], problems: list[Problem]) -> list[Line]:
    """ "A. … B. … Jawaban: B" as options with boxes; also boxes left empty with the letters in "Jawaban:"."""
    key, survey = _key_line(lines, outside)
    if key is None and not survey:
        return lines
    lettered = _lettered_lines(lines, outside)
    boxed = [index for index, line in enumerate(lines) if outside[index] and _is_empty_box(line.text)]
    if len(lettered) < 2 and key is not None and len(boxed) >= 2 and not _any_ticked(lines, outside):
        return _tick(lines, boxed, key, problems)
    if len(lettered) < 2 or boxed:
        return lines
    named = key.letters if key else ()
    last = chr(ord("A") + len(lettered) - 1)
    if any(letter > last for letter in named) or (key and not _says_the_same(lines, lettered, key)):
        return lines
    opening, closing = ("[", "]") if len(named) > 1 else ("(", ")")
    for number, index in enumerate(lettered):
        match = _LETTERED.match(lines[index].text)
        mark = "x" if chr(ord("A") + number) in named else " "
        if match:
            lines[index] = Line(lines[index].number, f"- {opening}{mark}{closing} {_unbold(match['text'])}")
    _indent_between(lines, lettered, outside)
    if key:
        lines[key.index] = Line(lines[key.index].number, "")
    problems.append(fault("F21", "Pilihan gaya “A. B. C.” diubah menjadi kotak pilihan.", line=lines[lettered[0]].number))
    return lines


def _key_line(lines: list[Line], outside: list[bool]) -> tuple[_Key | None, bool]:
    """The line that names the right letters, if there is one, and whether this is a survey."""
    key, survey = None, False
    for index, line in enumerate(lines):
        found = keyword(line.text) if outside[index] else None
        if found and found[0] == "answer" and key is None:
            named = letters_named(found[1])
            key = _Key(index, named) if named else None
        if found and found[0] == "type":
            survey = TYPES.get(found[1].casefold()) == "survey"
    return key, survey


def _lettered_lines(lines: list[Line], outside: list[bool]) -> list[int]:
    """The lines A., B., C. … in a row; empty where the letters do not run from A on."""
    found = [
        (index, match["letter"].upper()) for index, line in enumerate(lines) if outside[index] and (match := _LETTERED.match(line.text))
    ]
    runs = [letter for _, letter in found] == [chr(ord("A") + number) for number in range(len(found))]
    return [index for index, _ in found] if runs else []


def _says_the_same(lines: list[Line], lettered: list[int], key: _Key) -> bool:
    """Where the key repeats an option's text ("B. 30 hari"), whether it is that option's."""
    found = keyword(lines[key.index].text)
    with_text = _WITH_TEXT.fullmatch(found[1].strip()) if found else None
    if not with_text or len(key.letters) != 1 or letters_named(with_text[2]):
        return True
    match = _LETTERED.match(lines[lettered[ord(key.letters[0]) - ord("A")]].text)
    return bool(match and normal(match["text"]) == normal(with_text[2]))


def _unbold(text: str) -> str:
    """Without the bold mark that the letter's own left unpaired."""
    return text.removesuffix("**") if text.count("**") % 2 else text


def _indent_between(lines: list[Line], lettered: list[int], outside: list[bool]) -> None:
    """Indent what stands between two options so that it belongs to the first of them."""
    for first, following in itertools.pairwise(lettered):
        for index in range(first + 1, following):
            text = lines[index].text
            if outside[index] and text.strip() and not text.startswith("  ") and not keyword(text):
                lines[index] = Line(lines[index].number, "  " + text.lstrip())


def _is_empty_box(text: str) -> bool:
    match = ITEM.match(text)
    box = BOX.match(match[4] or "") if match else None
    return bool(box and not box[2])


def _any_ticked(lines: list[Line], outside: list[bool]) -> bool:
    """Whether any option of the question is marked already."""
    items = (ITEM.match(line.text) for index, line in enumerate(lines) if outside[index])
    return any(box[2] for item in items if item and (box := BOX.match(item[4] or "")))


def _tick(lines: list[Line], boxed: list[int], key: _Key, problems: list[Problem]) -> list[Line]:
    """Put x into the empty boxes that the key names by letter, counting from A."""
    places = [ord(letter) - ord("A") for letter in key.letters]
    if max(places) >= len(boxed):
        return lines
    for place in places:
        line = lines[boxed[place]]
        lines[boxed[place]] = Line(line.number, re.sub(r"([(\[])\s*([)\]])", r"\1x\2", line.text, count=1))
    lines[key.index] = Line(lines[key.index].number, "")
    problems.append(fault("F21", "Jawaban berupa huruf dipindah menjadi tanda x pada pilihannya.", line=lines[boxed[places[0]]].number))
    return lines


def _quotes(lines: list[Line], outside: list[bool], problems: list[Problem]) -> list[Line]:
    """Indent a quote glued to an option, so that it is that option's feedback."""
    below_option = False
    repaired = 0
    for index, line in enumerate(lines):
        item = ITEM.match(line.text) if outside[index] else None
        if item:
            below_option = BOX.match(item[4] or "") is not None
        elif below_option and outside[index] and QUOTE.match(line.text) and not line.text.startswith("  "):
            lines[index] = Line(line.number, "  " + line.text.lstrip())
            repaired = repaired or line.number
        elif not line.text.startswith("  "):
            below_option = False
    if repaired:
        problems.append(fault("F20", "Umpan balik “>” dimasukkan ke bawah pilihannya.", line=repaired))
    return lines


def _blank_lines(lines: list[Line], outside: list[bool], problems: list[Problem]) -> list[Line]:
    """A blank line before a keyword that Markdown would glue to the list or quote above it."""
    spaced: list[Line] = []
    told = False
    in_explanation = False
    for index, line in enumerate(lines):
        above = spaced[-1].text if spaced else ""
        here = not in_explanation and (index >= len(outside) or outside[index])
        found = keyword(line.text) if here and not line.text.startswith(" ") else None
        if found and (ITEM.match(above) or QUOTE.match(above) or (above.startswith("  ") and above.strip())):
            spaced.append(Line(line.number, ""))
            if not told:
                problems.append(fault("F22", "Baris kosong disisipkan sebelum “{text}”.", line=line.number, text=line.text.strip()[:30]))
                told = True
        in_explanation = in_explanation or bool(found and found[0] == "explanation")
        spaced.append(line)
    return spaced
