"""A published quiz on its way to another system: its source as its author may write it, with its pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from elearn_quizzes.exchange.archive import write_archive
from elearn_quizzes.exchange.bundle import Bundle, Remark
from elearn_quizzes.exchange.formats import format_of, written
from elearn_quizzes.parts import parts_of
from elearn_quizzes.pictures import PICTURE
from elearn_quizzes.published import Published
from elearn_quizzes.syntax import read_quiz


def bundle_of(quiz: Published, *, picture: Callable[[str], bytes | None]) -> Bundle | None:
    """The quiz with its pictures, which ``picture`` fetches by their name; None for a version published before sources were kept."""
    if not quiz.source:
        return None
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}  # path as written -> path in the bundle
    for path, address in quiz.pictures.items():
        name = PurePosixPath(address).name
        content = picture(name)
        if content is not None:
            names[path] = _unused(f"media/{PurePosixPath(path).stem}{PurePosixPath(name).suffix}", files, content)
            files[names[path]] = content
    parts = parts_of(PICTURE.sub(lambda found: found[0][: found.start(1) - found.start()] + names.get(found[1], found[1]), quiz.source))
    read, _problems = read_quiz(parts.body, line=parts.line, meta=parts.meta)
    return Bundle(quiz=replace(read, settings=quiz.settings), files=files)


def _unused(path: str, files: dict[str, bytes], content: bytes) -> str:
    stem, dot, ending = path.rpartition(".")
    number = 1
    while files.get(path, content) != content:
        number += 1
        path = f"{stem}-{number}{dot}{ending}"
    return path


def packed(bundle: Bundle, ending: str, *, name: str) -> tuple[str, bytes, list[Remark]]:
    """The questions as one file to download under ``name`` with that ending: where pictures stand beside it, all of them in a ZIP."""
    form = format_of(ending)
    data, remarks = written(bundle, form)
    file = f"{name}{ending}"
    if form.whole and bundle.files:
        return f"{file}.zip", write_archive({**bundle.files, file: data}), remarks
    return file, data, remarks
