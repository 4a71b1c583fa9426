"""Questions as a table (CSV): one row a question, as trainers keep them in a spreadsheet.

Columns, by their Indonesian or English names, in any order: ``id, kelompok, tipe, soal, pilihan 1 … pilihan 26 (or a … z), kunci, poin,
pembahasan, petunjuk, jika-benar, jika-salah, kompetensi, tag, tingkat, dasar, satuan, kata, acak, penilaian``. ``kunci`` is a letter ("B", "A, C"), "Benar"
or "Salah", or the accepted answers as behind "Jawaban:". Options with points or feedback carry them as in Markdown: "(5) Menolak" and " > umpan balik".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from elearn import Said, said
from elearn_quizzes.exchange.bundle import BadFile, Bundle, Remark, as_quiz, label
from elearn_quizzes.questions import Question
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.texts import plain, shortened
from elearn_quizzes.tidy import letters_named
from elearn_quizzes.writing import keyword_lines, write_question

NAMES = {
    "id": ("id",),
    "group": ("kelompok", "group", "category"),
    "type": ("tipe", "jenis", "type"),
    "text": ("soal", "pertanyaan", "question", "text"),
    "key": ("kunci", "jawaban", "kunci jawaban", "answer", "key"),
    "points": ("poin", "skor", "points"),
    "explanation": ("pembahasan", "explanation"),
    "hint": ("petunjuk", "hint"),
    "if_right": ("jika-benar", "jika benar"),
    "if_wrong": ("jika-salah", "jika salah"),
    "competencies": ("kompetensi", "competency"),
    "tags": ("tag", "tags"),
    "level": ("tingkat", "level"),
    "legal_basis": ("dasar", "dasar hukum"),
    "unit": ("satuan", "unit"),
    "words": ("kata", "words"),
    "shuffle": ("acak", "shuffle"),
    "grading": ("penilaian", "grading"),
}
KEYWORDS = {
    "points": "Poin", "competencies": "Kompetensi", "tags": "Tag", "level": "Tingkat", "legal_basis": "Dasar", "unit": "Satuan", "words": "Kata",
    "shuffle": "Acak", "grading": "Penilaian", "hint": "Petunjuk", "if_right": "Jika-benar", "if_wrong": "Jika-salah",
}  # fmt: skip
_OPTION = re.compile(r"(?:pilihan|opsi|option|choice)[ _-]*(\d{1,2}|[a-z])|([a-z])", re.IGNORECASE)
_BOX = re.compile(r"^[(\[]\s*([-+]?\d+(?:[.,]\d+)?\s*%?)\s*[)\]]\s+")
MOST_ROWS = 2_000
FORMS = {
    "pilihan": "single", "pilihan ganda": "single", "single": "single", "ganda": "multiple", "multiple": "multiple", "survei ganda": "many",
    "benar-salah": "true_false", "true_false": "true_false", "isian": "short", "short": "short", "angka": "number", "number": "number",
    "pasangkan": "match", "menjodohkan": "match", "match": "match", "urutan": "order", "order": "order", "rumpang": "cloze", "cloze": "cloze",
    "esai": "essay", "essay": "essay", "unggah": "upload", "upload": "upload", "survei": "survey", "survey": "survey", "": "",
}  # fmt: skip
WORDS = {
    "single": "pilihan", "multiple": "ganda", "true_false": "benar-salah", "short": "isian", "number": "angka", "match": "pasangkan",
    "order": "urutan", "cloze": "rumpang", "essay": "esai", "upload": "unggah", "survey": "survei",
}  # fmt: skip


def read_table(text: str) -> Bundle:
    """The questions of a table; rows that are none are named by their line. Raises ``BadFile`` where columns are missing."""
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise BadFile(said("Berkas ini bukan CSV yang sah.")) from error
    head = [" ".join(name.split()).casefold() for name in (lines[0] if lines else [])]
    by_word = {word: name for name, words in NAMES.items() for word in words}
    fields = [by_word.get(name, "") for name in head]
    options = [_option_number(name) if not field else None for name, field in zip(head, fields, strict=True)]
    if "text" not in fields:
        raise BadFile(said("Tidak ada kolom “soal”. Baris pertama harus memuat nama kolom: soal, a, b, c, d, kunci."))
    remarks = [
        Remark(item=said("kolom “{name}”", name=name), reason=said("nama kolom ini tidak dikenal; isinya tidak dibaca."))
        for name, known, option in zip(head, fields, options, strict=True)
        if name and not known and option is None
    ]
    groups: dict[str, list[Question]] = {}
    if len(lines) > MOST_ROWS + 1:
        raise BadFile(said("Lebih dari {most_rows} baris. Bagi menjadi beberapa berkas.", most_rows=MOST_ROWS))
    for number, cells in enumerate(lines[1:], 2):
        values = {field: cell.strip() for field, cell in zip(fields, cells, strict=False) if field and cell.strip()}
        choices = sorted((at, cell.strip()) for at, cell in zip(options, cells, strict=False) if at is not None and cell.strip())
        if not values and not choices:
            continue
        question = _question(values, [text for _at, text in choices])
        if isinstance(question, str):
            name = shortened(plain(values.get("text", "")), 50)
            remarks.append(Remark(item=said("baris {number}: {name}", number=number, name=name), reason=question, whole=True))
        else:
            groups.setdefault(values.get("group", ""), []).append(question)
    return Bundle(quiz=as_quiz(list(groups.items())), remarks=remarks)


def _option_number(name: str) -> int | None:
    match = _OPTION.fullmatch(name)
    if not match:
        return None
    text = match[1] or match[2]
    return int(text) if text.isdigit() else ord(text.lower()) - ord("a") + 1


def _question(values: Mapping[str, str], choices: Sequence[str]) -> Question | str:
    """The row as a question, read as Markdown of the syntax would be; or why it is none."""
    form = FORMS.get(" ".join(values.get("type", "").casefold().split()))
    if form is None:
        return said("tipe “{kind}” tidak dikenal.", kind=values["type"][:30])
    key = values.get("key", "")
    lines = _body(form, choices, key)
    if isinstance(lines, str):
        return lines
    stem = values.get("text", "")
    first, _blank, rest = stem.partition("\n\n")
    title, body = (first, rest) if "\n" not in first else ("", stem)
    heading = f"## Soal 1: {title}" if title else "## Soal 1"
    comment = [f"<!-- id: {values['id']} -->"] if values.get("id") else []
    pieces = ["\n".join([heading, *comment]), *([body] if body else []), *lines]
    pieces += [f"{word}: {values[name]}" for name, word in KEYWORDS.items() if values.get(name)]
    if values.get("explanation"):
        pieces.append(f"Pembahasan: {values['explanation']}")
    quiz, problems = read_quiz("\n\n".join(pieces), meta={})
    wrong = next((problem for problem in problems if problem.severity == "error"), None)
    questions = list(quiz.questions())
    if wrong or len(questions) != 1:
        return Said(wrong.message, **wrong.values) if wrong else said("baris ini tidak terbaca sebagai satu soal.")
    question = questions[0]
    return replace(question, id="") if question.id_derived else question


def _body(form: str, choices: Sequence[str], key: str) -> list[str] | str:
    """Options, pairs or steps and the answer, as lines of the syntax; or why there are none."""
    if form == "order":
        return ["Urutkan:\n" + "\n".join(f"{at}. {_inside(text)}" for at, text in enumerate(choices, 1))]
    if form == "match":
        return ["Pasangkan:\n" + "\n".join(f"- {_inside(text)}" for text in choices)]
    named = {"essay": "esai", "upload": "unggah", "survey": "survei", "many": "survei", "short": "isian"}.get(form)
    kind = [f"Tipe: {named}"] if named else []
    if not choices:
        return kind + ([f"Jawaban: {key}"] if key else [])
    weighted = any(_BOX.match(text) for text in choices)
    letters = letters_named(key)
    if not weighted and form not in ("survey", "many"):
        if not letters:
            same = [at for at, text in enumerate(choices) if text.casefold() == key.casefold()]
            letters = tuple(chr(ord("A") + at) for at in same)
        if not letters:
            return said("kunci “{key}” tidak menunjuk pilihan mana pun.", key=key[:30])
        if any(ord(letter) - ord("A") >= len(choices) for letter in letters):
            return said("kunci “{key}” menunjuk pilihan yang tidak ada.", key=key[:30])
    many = form in ("multiple", "many") or len(letters) > 1
    brackets = "[]" if many else "()"
    rows = []
    for at, text in enumerate(choices):
        box = _BOX.match(text)
        mark = box[1] if box else "x" if chr(ord("A") + at) in letters else " "
        rows.append(f"- {brackets[0]}{mark}{brackets[1]} {_inside(text[box.end() :] if box else text)}")
    return ["\n".join(rows), *kind]


def _inside(text: str) -> str:
    return text.replace("\n", "\n  ")


def write_table(bundle: Bundle) -> tuple[bytes, list[Remark]]:
    """The questions as CSV, and what of them a table cannot hold."""
    remarks: list[Remark] = []
    rows: list[dict[str, str]] = []
    for group in bundle.quiz.groups:
        if group.intro or group.draw:
            reason = said("tabel tidak memuat teks bersama dan banyaknya soal yang diambil.")
            remarks.append(Remark(item=group.name or said("Kelompok"), reason=reason))
        for question in group.questions:
            lost = [
                word
                for word, value in (
                    (said("biaya petunjuk"), question.hint_cost),
                    (said("rubrik"), question.rubric),
                    (said("berkas gambar"), bundle.files and "](" in write_question(question)),
                )
                if value
            ]
            if question.parameters:
                remarks.append(Remark(item=label(question), reason=said("tabel tidak memuat angka yang berubah."), whole=True))
                continue
            if lost:
                remarks.append(Remark(item=label(question), reason=said("tabel tidak memuat {lost}.", lost=lost)))
            rows.append({"kelompok": group.name, **_row(question)})
    widest = max((sum(name.isdigit() for name in row) for row in rows), default=0)
    choices = [str(at) for at in range(1, widest + 1)]
    named = [
        "id",
        "kelompok",
        "tipe",
        "soal",
        *choices,
        "kunci",
        "poin",
        *(NAMES[name][0] for name in (*list(KEYWORDS)[1:], "explanation")),
    ]
    used = [name for name in named if name in ("tipe", "soal", "kunci") or any(row.get(name) for row in rows)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([f"pilihan {name}" if name.isdigit() else name for name in used])
    writer.writerows([row.get(name, "") for name in used] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode(), remarks


def _row(question: Question) -> dict[str, str]:
    """The cells of a question: what it has as Markdown of the syntax, each keyword in its column."""
    row = {
        "id": "" if question.id_derived else question.id,
        "tipe": "survei ganda" if question.kind == "survey" and question.many else WORDS[question.kind],
        "soal": question.stem,
        "pembahasan": question.explanation,
        "petunjuk": question.hint,
        "jika-benar": question.if_right,
        "jika-salah": question.if_wrong,
    }
    words = {word: name for name, word in KEYWORDS.items() if name not in ("hint", "if_right", "if_wrong")}
    for line in keyword_lines(question):
        word, _colon, value = line.partition(": ")
        if word in words:
            row[NAMES[words[word]][0]] = value
    for at, text in enumerate(_choices(question), 1):
        row[str(at)] = text
    if question.kind in ("single", "multiple") and not question.weighted:
        row["kunci"] = ", ".join(chr(ord("A") + at) for at, option in enumerate(question.options) if option.right)
    elif question.kind == "true_false":
        row["kunci"] = "Benar" if question.truth else "Salah"
    else:
        row["kunci"] = " | ".join(question.answers)
    return row


def _choices(question: Question) -> list[str]:
    texts = []
    for option in question.options:
        mark = f"({option.weight:g}{'%' if option.percent else ''}) " if option.weight is not None else ""
        told = "".join(f"\n> {line}".rstrip() for line in option.feedback.split("\n")) if option.feedback else ""
        texts.append(mark.replace(".", ",") + option.text + told)
    pairs = [f"{pair.left} => {pair.right}" for pair in question.pairs] + [f"=> {text}" for text in question.distractors]
    return texts + pairs + [step.text for step in question.steps]
