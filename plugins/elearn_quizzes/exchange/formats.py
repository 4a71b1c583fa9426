"""The formats by the endings of their files: how each is read and written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from elearn_quizzes.exchange import aiken, gift_in, gift_out, markdown, moodle_in, moodle_out, plain_json, sheet
from elearn_quizzes.exchange.archive import safe_path
from elearn_quizzes.exchange.bundle import MOST_BYTES, BadFile, Bundle, Remark
from elearn_quizzes.exchange.qti.reading import read_qti
from elearn_quizzes.exchange.qti.writing import write_qti
from elearn_quizzes.exchange.settling import settle
from elearn_quizzes.settings import Settings
from elearn_quizzes.writing import write_quiz

_PICTURE = re.compile(r"!\[[^\]\n]*\]\((?!https?:|data:)([^)\s]+)\)")


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
            raise BadFile("Berkas ini bukan UTF-8. Simpan ulang sebagai UTF-8.") from None

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
        raise BadFile(f"Bentuk berkas tidak dikenal dari namanya. Akhiri dengan {', '.join(one.endings[0] for one in FORMATS)}.")
    return found


def read_file(path: Path) -> Bundle:
    """The questions of a file, each made sure of, with its pictures. Raises ``BadFile``."""
    form = format_of(path.name)
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(f"Berkas ini lebih dari {MOST_BYTES // 1_000_000} MB.")
    bundle = settle(form.read(path.read_bytes()))
    if form.beside:
        _take_pictures(bundle, path.parent)
    return bundle


def _take_pictures(bundle: Bundle, folder: Path) -> None:
    """The pictures that the texts name, from the file's own folder and those below it."""
    root = folder.resolve()
    for name in dict.fromkeys(_PICTURE.findall(write_quiz(bundle.quiz))):
        path = safe_path(name)
        target = (root / path).resolve() if path else root
        if path is None or not target.is_relative_to(root) or not target.is_file() or target.stat().st_size > MOST_BYTES:
            bundle.remarks.append(Remark(item=name[:80], reason="gambar ini tidak ada di folder berkasnya."))
        else:
            bundle.files[name] = target.read_bytes()


def write_file(bundle: Bundle, path: Path) -> list[Remark]:
    """Write the questions to a file, whole or not at all; answers what it cannot hold. Raises ``BadFile``."""
    form = format_of(path.name)
    data, remarks = form.write(bundle)
    if not form.whole and replace(bundle.quiz.settings, title="") != Settings():
        remarks = [Remark(item="kuis", reason="pengaturan kuis (lulus, percobaan, waktu, dan lainnya) tidak ikut."), *remarks]
    beside = {path.parent / name: content for name, content in bundle.files.items()} if form.whole else {}
    taken = next((str(file) for file, content in beside.items() if file.exists() and file.read_bytes() != content), None)
    if taken:
        raise BadFile(f"{taken} sudah ada dengan isi lain. Tulis ke folder lain.")
    for file, content in {**beside, path: data}.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(file.name + ".tmp")
        temporary.write_bytes(content)
        temporary.replace(file)
    return remarks
