"""Reads the lines of one question into a ``Question``, and says what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn_quizzes import values
from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.gaps import find_gaps
from elearn_quizzes.keywords import CANONICAL, GROUP_ONLY, TYPE_WORDS, keyword, truth
from elearn_quizzes.kinds import key_to_nothing, mixed_forms, shown_kind
from elearn_quizzes.lines import CODE, QUOTE, Line, code_after, joined
from elearn_quizzes.lists import ARROW, Item, begins_list, split_feedback, take_list
from elearn_quizzes.numbers import number, read_range
from elearn_quizzes.questions import Criterion, Kind, Option, Pair, Question, Step, default_points, derived_id, letter_id
from elearn_quizzes.texts import alternatives, shortened
from elearn_quizzes.tidy import tidy
from elearn_quizzes.variants import sample

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
ID_LINE = re.compile(r"^\s*<!--\s*id:\s*(.*?)\s*-->\s*$")
LISTS = frozenset({"order", "match", "rubric"})
TEXTS = frozenset({"hint", "if_right", "if_wrong"})
SHORT = frozenset(
    {"points", "competencies", "tags", "legal_basis", "type", "grading", "shuffle", "unit", "words", "level", "hint_cost", "parameters"}
)


@dataclass
class _Draft:
    """What has been gathered of a question so far."""

    title: str
    line: int
    id: str
    content: list[list[Line]] = field(default_factory=list)
    arrows: list[tuple[int, list[Item]]] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    shapes: set[str] = field(default_factory=set)
    pairs: list[Pair] = field(default_factory=list)
    distractors: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    rubric: list[Criterion] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


def read_question(lines: Sequence[Line], *, title: str, line: int, given_id: str) -> tuple[Question, list[Problem]]:
    """The question under a heading. ``title`` is the rest of the heading at ``line``, ``lines`` all below it."""
    tidied, problems = tidy(lines)
    reader = _Reader(tidied, _Draft(title, line, given_id), problems)
    reader.read()
    return reader.question(), problems


class _Reader:
    def __init__(self, lines: list[Line], draft: _Draft, problems: list[Problem]) -> None:
        self.lines, self.draft, self.problems = lines, draft, problems
        self.awaited = ""  # the list that "Urutkan:", "Pasangkan:" or "Rubrik:" announced

    def _wrong(self, code: str, message: str, remedy: str = "", *, line: int, **shown: Any) -> None:
        self.problems.append(fault(code, message, remedy, line=line, **shown))

    def read(self) -> None:
        """Go through the lines once."""
        draft = self.draft
        at, code = 0, ""
        while at < len(self.lines):
            line = self.lines[at]
            if code or CODE.match(line.text):
                code = code_after(line.text, code)
                self._keep(line)
            elif (match := ID_LINE.match(line.text)) is not None:
                self._take_id(match[1], line.number)
            elif (found := keyword(line.text)) is not None:
                at = self._take_keyword(*found, at=at)
                continue
            elif begins_list(line.text):
                items, end = take_list(self.lines, at)
                self._take_list(items, self.lines[at:end])
                at = end
                continue
            else:
                self._keep(line)
            at += 1
        if self.awaited:
            self._wrong(
                "S09",
                "“{word}:” tidak diikuti daftar.",
                "Tulis daftarnya di bawah baris itu, satu butir sebaris.",
                line=draft.places.get(self.awaited, draft.line),
                word=CANONICAL[self.awaited],
            )

    def _keep(self, line: Line) -> None:
        """Keep a line as part of the question's text."""
        if not self.draft.content or self._closed():
            self.draft.content.append([])
        self.draft.content[-1].append(line)
        if self.draft.options and line.text.strip() and "late" not in self.draft.places:
            self.draft.places["late"] = line.number
            self._wrong(
                "W10",
                "Teks di bawah pilihan akan tampil di atas pilihan.",
                "Pindahkan ke atas pilihan, atau jadikan “Pembahasan:” atau “Petunjuk:”.",
                line=line.number,
            )

    def _closed(self) -> bool:
        """Whether the last piece of content is a list that may yet turn out to be pairs."""
        return any(index == len(self.draft.content) - 1 for index, _ in self.draft.arrows)

    def _take_id(self, text: str, line: int) -> None:
        if not ID.fullmatch(text):
            self._wrong(
                "S15", "Id “{id}” tidak sah.", "Pakai huruf, angka, “-”, atau “_”, paling panjang 64.", line=line, id=shortened(text, 40)
            )
        elif self.draft.id and self.draft.id != text:
            self._wrong(
                "S15", "Soal ini punya dua id: “{id}” dan “{other}”.", "Hapus salah satunya.", line=line, id=self.draft.id, other=text
            )
        else:
            self.draft.id = text

    # -- keywords ------------------------------------------------------------------------------------------------------

    def _take_keyword(self, name: str, value: str, *, at: int) -> int:
        """Read a keyword at index ``at``; answers the index behind what belongs to it."""
        line = self.lines[at]
        self.awaited = ""
        if name == "explanation":
            self._take_explanation(value, at)
            return len(self.lines)
        if name in LISTS:
            self.awaited = name
            self.draft.places[name] = line.number
            if value:
                self._keep(Line(line.number, value))
            return at + 1
        if name in GROUP_ONLY:
            self._wrong(
                "W22", "“{word}:” hanya berlaku di bawah “# Kelompok”.", "Pindahkan barisnya.", line=line.number, word=CANONICAL[name]
            )
            return at + 1
        if name == "answer":
            self.draft.answers += alternatives(value)
            self.draft.places.setdefault("answer", line.number)
            return at + 1
        if values.FIELDS.get(name, name) in self.draft.given and name != "parameters":
            self._wrong(
                "W22", "“{word}:” ditulis dua kali; yang terakhir dipakai.", "Hapus salah satunya.", line=line.number, word=CANONICAL[name]
            )
        self.draft.places[name] = line.number
        if name in TEXTS:
            end = self._paragraph_end(at + 1)
            rest = (one.text.strip() for one in self.lines[at + 1 : end])
            self.draft.given[name] = "\n".join(text for text in (value, *rest) if text)
            return end
        self._take_value(name, value, line.number)
        return at + 1

    def _paragraph_end(self, at: int) -> int:
        """The index behind the paragraph that goes on at ``at``."""
        while at < len(self.lines):
            text = self.lines[at].text
            if not text.strip() or keyword(text) or begins_list(text) or CODE.match(text) or QUOTE.match(text) or ID_LINE.match(text):
                break
            at += 1
        return at

    def _take_value(self, name: str, value: str, line: int) -> None:
        try:
            found = values.READ[name](value)
            if name == "parameters":
                found = (*self.draft.given.get(name, ()), *found)
            self.draft.given[values.FIELDS.get(name, name)] = found
        except ValueError:
            code, message, remedy = values.FAULTS[name]
            self._wrong(code, message, remedy, line=line, value=shortened(value, 40))

    def _take_explanation(self, value: str, at: int) -> None:
        """ "Pembahasan:" runs to the end of the question, whatever stands there."""
        rest = self.lines[at + 1 :]
        self.draft.given["explanation"] = joined([value, *(line.text for line in rest)])
        self.draft.places["explanation"] = self.lines[at].number
        code = ""
        for line in rest:
            code = code_after(line.text, code)
            found = None if code else keyword(line.text)
            if found and (found[0] in SHORT or (found[0] == "answer" and not self.draft.answers and not self.draft.options)):
                self._wrong(
                    "W16",
                    "“{word}:” di bawah “Pembahasan:” dibaca sebagai isi pembahasan.",
                    "Pindahkan barisnya ke atas “Pembahasan:”.",
                    line=line.number,
                    word=CANONICAL[found[0]],
                )

    # -- lists ---------------------------------------------------------------------------------------------------------

    def _take_list(self, items: list[Item], raw: Sequence[Line]) -> None:
        awaited, self.awaited = self.awaited, ""
        if awaited == "rubric":
            self.draft.rubric += [self._criterion(item) for item in items]
        elif awaited == "order":
            self.draft.steps += [Step(text=item.text, line=item.number) for item in items]
        elif awaited == "match":
            self._take_pairs(items)
        elif any(item.box for item in items):
            self._take_options(items)
        elif all(ARROW.search(item.lines[0]) for item in items) and not items[0].ordered:
            self.draft.content.append(list(raw))
            self.draft.arrows.append((len(self.draft.content) - 1, items))
        else:
            for line in raw:
                self._keep(line)

    def _criterion(self, item: Item) -> Criterion:
        box = item.box
        points = number(box.mark) if box and box.mark not in ("", "x") and not box.mark.endswith("%") else None
        if points is None or points <= 0:
            self._wrong(
                "S16",
                "Butir rubrik tanpa angka: “{text}”.",
                "Tulis angkanya di depan, misalnya “- (5) …”.",
                line=item.number,
                text=shortened(item.text, 40),
            )
        return Criterion(text=item.text[box.length :].strip() if box else item.text, points=points, line=item.number)

    def _take_pairs(self, items: list[Item]) -> None:
        for item in items:
            sides = ARROW.split(item.text, maxsplit=1)
            if len(sides) < 2 or not sides[1]:
                self._wrong(
                    "S16",
                    "Baris pasangan tanpa “=>” atau tanpa sisi kanan: “{text}”.",
                    "Tulis “- kiri => kanan”; sisi kiri boleh kosong untuk pengecoh.",
                    line=item.number,
                    text=shortened(item.text, 40),
                )
            elif sides[0]:
                self.draft.pairs.append(Pair(left=sides[0], right=sides[1], line=item.number))
            else:
                self.draft.distractors.append(sides[1])

    def _take_options(self, items: list[Item]) -> None:
        draft = self.draft
        for item in items:
            box = item.box
            if box is None:
                self._wrong(
                    "S02",
                    "Pilihan tanpa kotak “( )” atau “[ ]”: “{text}”.",
                    "Tulis “( )” di depannya, atau “(x)” bila benar.",
                    line=item.number,
                    text=shortened(item.text, 40),
                )
                continue
            if (box.opening, box.closing) not in (("(", ")"), ("[", "]")):
                self._wrong(
                    "S04",
                    "Kurung tidak berpasangan: “{box}”.",
                    "Tulis “( )” atau “[ ]”.",
                    line=item.number,
                    box=box.opening + box.mark + box.closing,
                )
            if draft.shapes and box.opening not in draft.shapes:
                self._wrong(
                    "S03", "Satu soal memakai ( ) dan [ ] sekaligus.", "Pakai ( ) untuk satu jawaban, [ ] untuk beberapa.", line=item.number
                )
            draft.shapes.add(box.opening)
            text, feedback, below = split_feedback((item.lines[0][box.length :], *item.lines[1:]))
            percent = box.mark.endswith("%")
            weight = number(box.mark.rstrip("%")) if box.mark not in ("", "x") else None
            draft.options.append(
                Option(
                    id=letter_id(len(draft.options)),
                    text=text,
                    right=box.mark == "x" or (weight or 0) > 0,
                    weight=weight,
                    percent=percent,
                    feedback=feedback,
                    line=item.number,
                    feedback_line=item.number + below,
                )
            )

    # -- the whole -----------------------------------------------------------------------------------------------------

    def question(self) -> Question:
        """The question that the lines make; where its form cannot be told, a fault, and an essay in its place."""
        draft, given = self.draft, dict(self.draft.given)
        if draft.arrows and not draft.options and not draft.steps and not draft.pairs:
            for _, items in draft.arrows:
                self._take_pairs(items)
            taken = {index for index, _ in draft.arrows}
            draft.content = [piece for index, piece in enumerate(draft.content) if index not in taken]
        body_lines = [line for piece in draft.content for line in [*piece, Line(0, "")]]
        body = joined(line.text for line in body_lines)
        stated = given.pop("type", "")
        kind = self._kind(stated, body)
        self.problems += mixed_forms(
            {"options": draft.options, "match": draft.pairs or draft.distractors, "order": draft.steps, "rubric": draft.rubric},
            kind,
            line=draft.line,
        )
        points = given.pop("points", None)
        if kind == "survey":
            points = 0.0
        texts = (*(option.text for option in draft.options), *(pair.left for pair in draft.pairs), *(step.text for step in draft.steps))
        truth_value = truth(draft.answers[0]) if kind == "true_false" else None
        unit = given.pop("unit", "") or self._unit(kind)
        return Question(
            id=draft.id or derived_id(draft.title, body, *texts),
            id_derived=not draft.id,
            kind=kind,
            title=draft.title,
            body=body,
            points=default_points(kind, tuple(draft.options), tuple(draft.rubric)) if points is None else points,
            options=tuple(draft.options) if kind in ("single", "multiple", "survey") else (),
            many="[" in draft.shapes,
            truth=truth_value,
            answers=tuple(draft.answers) if kind in ("short", "number", "essay") else (),
            unit=unit if kind == "number" else "",
            pairs=tuple(draft.pairs) if kind == "match" else (),
            distractors=tuple(draft.distractors) if kind == "match" else (),
            steps=tuple(draft.steps) if kind == "order" else (),
            rubric=tuple(draft.rubric) if kind in ("essay", "upload") else (),
            line=draft.line,
            body_line=next((line.number for line in body_lines if line.text.strip()), draft.line),
            answer_line=draft.places.get("answer", draft.line),
            explanation_line=draft.places.get("explanation", draft.line),
            **given,
        )

    def _unit(self, kind: Kind) -> str:
        ranges = [read_range(sample(answer)) for answer in self.draft.answers] if kind == "number" else []
        return next((found.unit for found in ranges if found and found.unit), "")

    def _kind(self, stated: str, body: str) -> Kind:
        """The form of the question: what "Tipe:" says, else what shows."""
        draft = self.draft
        text = f"{draft.title}\n\n{body}"
        shown = shown_kind(draft.answers, has_gaps=bool(find_gaps(text)))
        if draft.steps:
            shown = "order"
        elif draft.options:
            shown = "multiple" if "[" in draft.shapes else "single"
        elif draft.pairs or draft.distractors:
            shown = "match"
        only_options = not (draft.pairs or draft.distractors or draft.steps or shown == "cloze")
        if stated in ("essay", "upload", "survey") and only_options and (stated == "survey" or not draft.options):
            return "survey" if stated == "survey" else "essay" if stated == "essay" else "upload"
        if stated in ("short", "number") and shown in ("short", "number", "true_false"):
            return "short" if stated == "short" else self._as_number()
        if stated:
            self._wrong(
                "S12",
                "“Tipe: {type}” tidak cocok dengan isi soal.",
                "Hapus baris “Tipe:”, atau hapus pilihan, pasangan, urutan, dan rumpangnya. Tipe isian dan angka memerlukan “Jawaban:”.",
                line=draft.places["type"],
                type=TYPE_WORDS[stated],
            )
        elif shown is None:
            self._wrong(
                "S01",
                "Soal ini tidak punya pilihan maupun “Jawaban:”.",
                "Tulis pilihan “- ( ) …”, atau baris “Jawaban: …”, atau “Tipe: esai”.",
                line=draft.line,
            )
        elif shown in ("short", "number") and (wrong := key_to_nothing(text, draft.answers)):
            self.problems.append(wrong.at(line=draft.places["answer"]))
        if draft.answers and shown in ("single", "multiple", "match", "order", "cloze"):
            self._wrong(
                "S14",
                "“Jawaban:” tidak dipakai pada soal ini.",
                "Tandai pilihan yang benar dengan x, lalu hapus baris “Jawaban:”. Pasangan, urutan, dan rumpang sudah memuat jawabannya.",
                line=draft.places["answer"],
            )
        return shown or "essay"

    def _as_number(self) -> Kind:
        if not all(read_range(sample(answer)) for answer in self.draft.answers):
            self._wrong(
                "S10",
                "Jawaban bukan angka, padahal “Tipe: angka”.",
                "Tulis angka, misalnya “1.250,5”, “3,14 ± 0,01”, atau “10..20”.",
                line=self.draft.places["answer"],
            )
        return "number"
