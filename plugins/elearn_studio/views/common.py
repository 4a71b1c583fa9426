"""What the pages share: the blueprint, opening a draft, drawing a lesson of one, saying problems."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from elearn import (
    ContentError,
    Figures,
    Lesson,
    LessonView,
    Problem,
    Reading,
    check_course,
    draw_lesson,
    figures_of,
    found,
    reading,
    viewer,
)
from elearn import gettext as _
from elearn_studio import drafts, outline, publishing, regulations
from elearn_studio.models import Draft, File

blueprint = Blueprint("studio", __name__, template_folder="../templates", static_folder="../static")
Answer = str | tuple[Any, int] | Response
MEDIA = re.compile(r"/media/([0-9a-f]{40}\.(webp|svg))")
SRCSET = re.compile(r'\s(?:srcset|sizes)="[^"]*"')
TYPES = {"webp": "image/webp", "svg": "image/svg+xml"}


LARGE_REQUESTS = {"studio.bring_in": 60_000_000, "studio.add_word": 60_000_000, "studio.upload": 25_000_000, "studio.write": 25_000_000}


@blueprint.url_value_preprocessor
def room_for_files(endpoint: str | None, values: Any) -> None:
    """A Word file with photographs may be larger than other requests, where it comes from somebody who may write."""
    if request.method == "POST" and endpoint in LARGE_REQUESTS and viewer().can("studio.write"):
        request.max_content_length = LARGE_REQUESTS[endpoint]


@dataclass(frozen=True)
class Shown:
    """A lesson drawn for its author: its parts, what is wrong with it, its minutes and weight in bytes."""

    parts: tuple[Markup, ...]
    problems: tuple[Problem, ...]
    minutes: int
    weight: int
    language: str

    @property
    def errors(self) -> int:
        """How many problems stop publishing."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def state(self) -> str:
        """ "bad" where something stops publishing, "warn" where something deserves a look, else "ok"."""
        return "bad" if self.errors else "warn" if self.problems else "ok"


def the_draft(slug: str, *, session: Session | None = None) -> Draft:
    """The draft, or the 404 page for whoever may not open it. ``session``: the one that writes; the draft is locked then."""
    return found(drafts.opened(session or reading(), viewer(), slug, lock=session is not None))


def the_file(draft: Draft, path: str, *, session: Session | None = None) -> File:
    """A file of text, or the 404 page."""
    file = found(drafts.file_at(session or reading(), draft, path))
    found(file.text)
    return file


def titles_of(files: Iterable[File], *, gone: Iterable[str] = ()) -> dict[str, str]:
    """What an author calls each text of a draft, by its path; of lessons that are ``gone``, their file's name in words."""
    named = {path: outline.plain_title(path) for path in gone if path.endswith(".md") and not path.endswith(outline.SUMMARY)}
    return named | outline.titles(files, course=_("Keterangan pelatihan"), module=_("Modul"))


def wants_json() -> bool:
    """Whether a script asks."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def sent_file(name: str, *, most: int) -> tuple[str, bytes]:
    """(file name, the first ``most`` bytes) of a file that was sent; ("", b"") where none was."""
    sent = request.files.get(name)
    if sent is None:
        return "", b""
    with sent.stream:
        return sent.filename or "", sent.stream.read(most)


def look_at(draft: Draft, path: str, text: str, *, keys: bool = False) -> Shown:
    """The lesson at ``path`` as ``text`` would have it, drawn for its author."""
    session = reading()
    try:
        with drafts.folder_of(session, draft, instead={path: text}, only=path) as folder:
            read = check_course(session, folder, only=path)
    except ContentError as error:
        return Shown((), tuple(error.problems), 0, 0, "id")
    said = (*read.problems, *publishing.loose_ends({path: text}), *regulations.warnings(session, read.course))
    mine = tuple(problem for problem in said if problem.file in (path, ""))
    return _shown(read, mine, keys=keys)


def _shown(read: Reading, problems: tuple[Problem, ...], *, keys: bool) -> Shown:
    lesson = next(read.course.lessons(), None)
    if lesson is None:
        return Shown((), problems, 0, 0, "id")
    figures: Figures = figures_of(read.course, read.media)
    if any(problem.severity == "error" and lesson.blocks for problem in problems):
        shown = [with_pictures(Markup(part), read.media) for part in lesson.parts if isinstance(part, str)]
    else:
        shown = drawn(read, lesson, keys=keys)
    return Shown(tuple(shown), problems, lesson.minutes, figures.lessons[0].weight if figures.lessons else 0, read.course.language)


def drawn(read: Reading, lesson: Lesson, *, keys: bool) -> list[Markup]:
    """The parts of a lesson that is published nowhere yet, as learners will see them; with ``keys`` the answers too."""
    view = LessonView(course=read.course, lesson=lesson, standing=None, viewer=viewer(), session=reading(), keys=keys)
    return [with_pictures(part, read.media) for part in draw_lesson(view)]


def with_pictures(html: Markup, media: Mapping[str, bytes]) -> Markup:
    """The HTML with its pictures in it, for they are published nowhere yet."""

    def inside(match: re.Match[str]) -> str:
        data = media.get(match[1])
        return f"data:{TYPES[match[2]]};base64,{base64.b64encode(data).decode()}" if data else match[0]

    return Markup(MEDIA.sub(inside, SRCSET.sub("", str(html))))


def data_address(path: str, data: bytes) -> str:
    """A picture as an address that holds it."""
    kind = "svg+xml" if path.endswith(".svg") else path.rpartition(".")[2].replace("jpg", "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
