"""The formats by the endings of their files: how each is read and written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from elearn import Said, said
from elearn_quizzes.banks import Read, course_folder, reader_beside, with_banks
from elearn_quizzes.exchange import aiken, gift_in, gift_out, markdown, moodle_in, moodle_out, plain_json, sheet
from elearn_quizzes.exchange.archive import safe_path
from elearn_quizzes.exchange.bundle import MOST_BYTES, BadFile, Bundle, Remark
from elearn_quizzes.exchange.qti.reading import read_qti
from elearn_quizzes.exchange.qti.writing import write_qti
from elearn_quizzes.exchange.settling import settle
from elearn_quizzes.pictures import PICTURE
from elearn_quizzes.settings import Settings
from elearn_quizzes.writing import write_quiz

UP = re.compile(rb"\]\((?:\.\./)+")
_AIKEN = re.compile(rb"^ANSWER:[ \t]*[A-Z][ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Format:
    """``endings``, the first the usual one. ``beside``: pictures stand as files next to it, where others hold them.
    ``whole``: settings of the quiz and of its groups are kept."""

    endings: tuple[str, ...]
    read: Callable[[bytes], Bundle]
    write: Callable[[Bundle], tuple[bytes, list[Remark]]]
    beside: bool = True
    whole: bool = False


def _text(read: Callable[[str], Bundle]) -> Callable[[bytes], Bundle]:
    def decoded(data: bytes) -> Bundle:
        try:
            return read(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
        except UnicodeDecodeError:
            raise BadFile(said("Berkas ini bukan UTF-8. Simpan ulang sebagai UTF-8.")) from None

    return decoded


FORMATS = (
    Format(endings=(".gift", ".gift.txt"), read=_text(gift_in.read_gift), write=gift_out.write_gift),
    Format(endings=(".aiken.txt", ".aiken"), read=_text(aiken.read_aiken), write=aiken.write_aiken),
    Format(endings=(".moodle.xml",), read=moodle_in.read_moodle, write=moodle_out.write_moodle, beside=False),
    Format(endings=(".qti.zip",), read=read_qti, write=partial(write_qti, version="2.1"), beside=False),
    Format(endings=(".qti3.zip",), read=read_qti, write=partial(write_qti, version="3.0"), beside=False),
    Format(endings=(".csv",), read=_text(sheet.read_table), write=sheet.write_table),
    Format(endings=(".json",), read=_text(plain_json.read_json), write=plain_json.write_json, whole=True),
    Format(endings=(".md",), read=_text(markdown.read_markdown), write=markdown.write_markdown, whole=True),
)


def format_of(name: str) -> Format:
    """The format of a file by its ending. Raises ``BadFile``, naming the endings there are."""
    found = next((one for one in FORMATS if name.lower().endswith(one.endings)), None)
    if found is None:
        raise BadFile(
            said("Bentuk berkas tidak dikenal dari namanya. Akhiri dengan {endings}.", endings=[one.endings[0] for one in FORMATS])
        )
    return found


def format_to_read(name: str, data: bytes) -> Format:
    """The format of a file by its ending; where that says too little (Moodle names its exports "quiz-….xml"), by what stands in it."""
    lower, start = name.lower(), data[:4_000]
    if not any(lower.endswith(one.endings) for one in FORMATS):
        if lower.endswith(".xml") and b"<quiz" in start:
            return format_of(".moodle.xml")
        if lower.endswith((".xml", ".zip")) and (start.startswith(b"PK") or b"ssessmentItem" in start or b"assessment-item" in start):
            return format_of(".qti.zip")
        if lower.endswith(".txt"):
            return format_of(".aiken.txt" if _AIKEN.search(data) else ".gift")
    return format_of(name)


def read_bytes(name: str, data: bytes) -> Bundle:
    """The questions of a file that came alone, each made sure of. Raises ``BadFile``."""
    if len(data) > MOST_BYTES:
        raise BadFile(said("Berkas ini lebih dari {size} MB.", size=MOST_BYTES // 1_000_000))
    form = format_to_read(name, data)
    bundle = settle(form.read(data))
    if form.beside:
        lost = dict.fromkeys(PICTURE.findall(write_quiz(bundle.quiz)))
        bundle.remarks += [
            Remark(item=path[:80], reason=said("gambar ini tidak ikut dikirim.")) for path in lost if path not in bundle.files
        ]
    return bundle


def read_file(path: Path) -> Bundle:
    """The questions of a file, each made sure of, with its pictures. Raises ``BadFile``."""
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(said("Berkas ini lebih dari {size} MB.", size=MOST_BYTES // 1_000_000))
    data = path.read_bytes()
    form = format_to_read(path.name, data)
    course, beside = course_folder(path), reader_beside(path)
    if course and form.beside:  # of a course: its pictures lie beside its module, and so do those of a bank
        data = UP.sub(b"](", data)
    bundle = settle(_with_banks(form.read(data), path, lambda file: _up(beside(file)) if course else beside(file)))
    if form.beside:
        _take_pictures(bundle, course or path.parent)
    return bundle


def _up(text: str | None) -> str | None:
    return UP.sub(b"](", text.encode()).decode() if text is not None else None


def _with_banks(bundle: Bundle, path: Path, read: Read) -> Bundle:
    """The bundle with the questions that its groups take from banks beside the file."""
    quiz, problems = with_banks(bundle.quiz, read)
    lost = [
        Remark(item=f"{one.file or path.name}:{one.line}", reason=Said(one.message, **one.values))
        for one in problems
        if one.severity == "error"
    ]
    return replace(bundle, quiz=quiz, remarks=[*bundle.remarks, *lost])


def _take_pictures(bundle: Bundle, folder: Path) -> None:
    """The pictures that the texts name, from the file's own folder and those below it."""
    root = folder.resolve()
    for name in dict.fromkeys(PICTURE.findall(write_quiz(bundle.quiz))):
        path = safe_path(name)
        target = (root / path).resolve() if path else root
        if path is None or not target.is_relative_to(root) or not target.is_file() or target.stat().st_size > MOST_BYTES:
            bundle.remarks.append(Remark(item=name[:80], reason=said("gambar ini tidak ada di folder berkasnya.")))
        else:
            bundle.files[name] = target.read_bytes()


def written(bundle: Bundle, form: Format) -> tuple[bytes, list[Remark]]:
    """The questions as a file of that format, and what it cannot hold. Raises ``BadFile``."""
    data, remarks = form.write(bundle)
    if not form.whole and replace(bundle.quiz.settings, title="") != Settings():
        remarks = [Remark(item=said("kuis"), reason=said("pengaturan kuis (lulus, percobaan, waktu, dan lainnya) tidak ikut.")), *remarks]
    return data, remarks


def write_file(bundle: Bundle, path: Path) -> list[Remark]:
    """Write the questions to a file, whole or not at all; answers what it cannot hold. Raises ``BadFile``."""
    form = format_of(path.name)
    data, remarks = written(bundle, form)
    beside = {path.parent / name: content for name, content in bundle.files.items()} if form.whole else {}
    taken = next((str(file) for file, content in beside.items() if file.exists() and file.read_bytes() != content), None)
    if taken:
        raise BadFile(said("{taken} sudah ada dengan isi lain. Tulis ke folder lain.", taken=taken))
    for file, content in {**beside, path: data}.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(file.name + ".tmp")
        temporary.write_bytes(content)
        temporary.replace(file)
    return remarks
