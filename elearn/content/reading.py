"""Reads a course folder whole: its manifest, its lessons, its pictures, and every fault in any of them."""

from __future__ import annotations

import hashlib
import math
import os
import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from elearn.content import blocks, images, manifest, prose, sandbox
from elearn.content.beside import about_module, unused
from elearn.content.cache import Cache, Drawn
from elearn.content.folder import COURSE_FILES, NOT_UTF8, NUMBERED, SECTION_FILES, Kinds, Reading, unnumbered
from elearn.content.values import BlockSource, Course, Lesson, Parsed, Placed, Section
from elearn.errors import Problem

WORDS_A_MINUTE = 180
MAX_FILES = 3_000
IMG = re.compile(r'<img\b[^>]*?\bsrc="(/media/[0-9a-f]{40}\.\w+)"[^>]*>')


def read_course(folder: Path, kinds: Kinds, cache: Cache | None = None, only: str = "") -> Reading:
    """The course in ``folder``. Never raises for what an author wrote; all faults come back, sorted by file and line.

    ``cache`` gives back the lessons that did not change; ``only`` names the one file whose lesson is wanted, for a quick look.
    """
    reader = _CourseReader(folder, kinds, cache, only)
    reader.read()
    order = sorted(reader.problems, key=lambda problem: (problem.file, problem.line, problem.column, problem.code))
    once = {
        (one.file, one.line, one.column, one.code, one.text()): one for one in order
    }  # a file that two lessons read has its faults once
    return Reading(course=reader.course, media=reader.media, problems=tuple(once.values()), rendered=tuple(reader.rendered))


def _order(name: str) -> tuple[int, str]:
    match = NUMBERED.match(name)
    return (int(match[1]) if match else 10_000, name)


class _CourseReader:
    def __init__(self, folder: Path, kinds: Kinds, cache: Cache | None, only: str) -> None:
        self.folder, self.kinds, self.cache, self.only = folder, kinds, cache, only
        self.uses: set[tuple[str, str, str]] = set()
        self.rendered: list[str] = []
        self.slug = folder.name
        self.course = Course(slug=self.slug, title="", summary="")
        self.problems: list[Problem] = []
        self.media: dict[str, bytes] = {}
        self.pictures: dict[str, images.Picture | None] = {}
        self.sizes: dict[str, images.Picture] = {}
        self.lesson_files: dict[str, str] = {}
        self.texts: set[str] = set()  # other Markdown files that were read, such as banks of questions

    def read(self) -> None:
        if not self.folder.is_dir():
            self._wrong("C30", "Folder pelatihan tidak ditemukan.", "Periksa nama foldernya.", str(self.folder))
            return
        if not manifest.SLUG.fullmatch(self.slug) or len(self.slug) > 80:
            self._wrong("C31", "Nama folder hanya boleh huruf kecil, angka, dan tanda hubung.", "Ganti nama foldernya.", self.slug)
        found = next((name for name in COURSE_FILES if (self.folder / name).is_file()), None)
        if found is None:
            self._wrong(
                "C32", "Berkas course.yml tidak ada.", "Buat course.yml yang paling sedikit memuat judul dan ringkasan.", "course.yml"
            )
        else:
            self.course, problems = manifest.read_course_file(self._text(found), slug=self.slug, file=found)
            self.problems += problems
        sections = self._sections()
        self.lesson_files = {file: lesson_id for _, _, lessons in sections for file, lesson_id in lessons}
        self._same_ids(sections)
        done = [self._section(name, summary_file, lessons) for name, summary_file, lessons in sections]
        shared = Counter(section.id for section in done)  # 01-modul and 02-modul keep their numbers, for an id names one module
        done = [
            replace(section, id=name) if shared[section.id] > 1 else section for section, (name, _, _) in zip(done, sections, strict=True)
        ]
        self.course = replace(self.course, sections=tuple(section for section in done if section.lessons))
        if not any(section.lessons for section in done) and not self.only:
            self._wrong("C33", "Pelatihan ini belum memuat pelajaran.", "Tambahkan berkas 01-….md, di dalam folder modul bila perlu.", "")
        if not self.only:
            self.problems += unused(self.folder, {*self.lesson_files, *self.texts})

    # -- the files -----------------------------------------------------------------------------------------------------

    def _sections(self) -> list[tuple[str, str | None, list[tuple[str, str]]]]:
        """(folder name or "", its summary file, [(lesson file, lesson id)]) in the order of their numbers."""
        entries = sorted(os.scandir(self.folder), key=lambda entry: _order(entry.name))
        if sum(len(files) for _, _, files in os.walk(self.folder)) > MAX_FILES:
            self._wrong("C34", "Lebih dari 3.000 berkas dalam satu pelatihan.", "Bagi menjadi beberapa pelatihan.", "")
            return []
        found: list[tuple[str, str | None, list[tuple[str, str]]]] = []
        loose = [
            entry.name
            for entry in entries
            if entry.is_file(follow_symlinks=False) and NUMBERED.match(entry.name) and entry.name.endswith(".md")
        ]
        if loose:
            found.append(("", None, [(name, self._lesson_id(name)) for name in loose]))
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False) or not NUMBERED.match(entry.name):
                continue
            names = sorted((item.name for item in os.scandir(entry) if item.is_file(follow_symlinks=False)), key=_order)
            summary = next((f"{entry.name}/{name}" for name in SECTION_FILES if name in names), None)
            lessons = [f"{entry.name}/{name}" for name in names if name.endswith(".md") and not name.startswith("_")]
            found.append((entry.name, summary, [(file, self._lesson_id(file)) for file in lessons]))
        return found

    def _lesson_id(self, file: str) -> str:
        yaml_text, _, _ = manifest.split_front_matter(self._text(file, quiet=True))
        given = re.search(r"^id:[ \t]*[\"']?([a-z0-9-]+)[\"']?[ \t]*$", yaml_text, re.MULTILINE)
        return given[1] if given else unnumbered(posixpath.basename(file).removesuffix(".md")).lower()

    def _same_ids(self, sections: Sequence[tuple[str, str | None, list[tuple[str, str]]]]) -> None:
        seen: dict[str, str] = {}
        for _, _, lessons in sections:
            for file, lesson_id in lessons:
                if not manifest.SLUG.fullmatch(lesson_id) or len(lesson_id) > 80:
                    self._wrong(
                        "C35", "Nama berkas pelajaran hanya boleh huruf kecil, angka, dan tanda hubung.", "Ganti nama berkasnya.", file
                    )
                if lesson_id in seen:
                    self._wrong(
                        "C36",
                        "Pelajaran “{id}” sudah ada di {other}.",
                        "Ganti nama salah satu berkas, atau tulis “id: …” yang lain di kepalanya.",
                        file,
                        id=lesson_id,
                        other=seen[lesson_id],
                    )
                seen[lesson_id] = file

    def _text(self, file: str, *, quiet: bool = False) -> str:
        try:
            data = (self.folder / file).read_bytes()
            if len(data) > prose.MAX_SIZE * 4:
                data = data[: prose.MAX_SIZE * 4]
            return prose.without_tokens(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
        except UnicodeDecodeError as error:
            if not quiet:
                self.problems.append(NOT_UTF8.at(file=file))
            return error.object.decode("utf-8", "replace") if isinstance(error.object, bytes) else ""

    # -- sections and lessons ------------------------------------------------------------------------------------------

    def _section(self, name: str, summary_file: str | None, lessons: list[tuple[str, str]]) -> Section:
        title, summary, problems = about_module(self._text(summary_file), file=summary_file) if summary_file else ("", "", [])
        self.problems += problems
        title = title or unnumbered(name).replace("-", " ").capitalize()
        read = [self._kept_or_drawn(file, lesson_id) for file, lesson_id in lessons if self.only in ("", file)]
        return Section(id=unnumbered(name), title=title, summary=summary, lessons=tuple(lesson for lesson in read if lesson))

    def _kept_or_drawn(self, file: str, lesson_id: str) -> Lesson | None:
        """The lesson from the cache where nothing it was drawn from has changed; else drawn, and kept if it has no fault."""
        if self.cache is None:
            self.rendered.append(lesson_id)
            return self._guarded_lesson(file, lesson_id)
        key = self.cache.lesson_key(self.slug, file, lesson_id, self._text(file, quiet=True))
        kept = self.cache.lesson(key)
        if kept and all(self._answer(what, inside) == answer for what, inside, answer in kept.uses):
            self.problems += kept.problems
            return kept.lesson
        before, self.uses = len(self.problems), set()
        lesson = self._guarded_lesson(file, lesson_id)
        self.rendered.append(lesson_id)
        found = tuple(self.problems[before:])
        if lesson and not any(problem.severity == "error" for problem in found):
            self.cache.keep_lesson(key, Drawn(lesson, found, tuple(sorted(self.uses))))
        return lesson

    def _answer(self, what: str, inside: str) -> str:
        """What stands behind a link, a picture or a text that was read: the lesson's id, the picture's name, the text's hash; "" for nothing."""
        if what == "text":
            self.texts.add(inside)
            text = self._other_text(inside)
            return hashlib.sha256(text.encode()).hexdigest() if text is not None else ""
        if what == "image":
            picture = self._picture(inside)
            return picture.name if picture else ""
        return self.lesson_files.get(inside, "")

    def _guarded_lesson(self, file: str, lesson_id: str) -> Lesson | None:
        """A lesson, or None and a problem where it takes too long or is built to break its reader."""
        try:
            with sandbox.cpu_limit(sandbox.SECONDS_A_FILE):
                return self._lesson(file, lesson_id)
        except sandbox.TooSlow:
            self._wrong("C38", "Berkas ini terlalu rumit untuk diolah (lebih dari 5 detik).", "Pecah menjadi beberapa pelajaran.", file)
        except (RecursionError, MemoryError):
            self._wrong(
                "C39", "Susunan berkas ini terlalu dalam untuk diolah.", "Sederhanakan daftar atau kutipan yang bertingkat-tingkat.", file
            )
        return None

    def _lesson(self, file: str, lesson_id: str) -> Lesson:
        text = self._text(file)
        matter, problems = manifest.read_front_matter(text, file=file, plugin_kinds=dict(self.kinds.lesson_kinds))
        self.problems += problems
        whole = matter.kind if matter.kind in self.kinds.lesson_kinds.values() else None
        split = blocks.split(matter.body, self.kinds.owned, token=prose.block_token, whole=whole)
        shift = matter.body_line - 1
        self.problems += [problem.at(file=file, line=problem.line + shift) for problem in split.problems]
        resolve = self._resolver(file)
        extensions = [make() for make in self.kinds.extensions]
        drawn = prose.render(split.prose, file=file, line=matter.body_line, resolve=resolve, extensions=extensions)
        self.problems += drawn.problems
        read = [
            self._block(found, number, file=file, lesson_id=lesson_id, matter=matter, whole=whole)
            for number, found in enumerate(split.blocks)
        ]
        cited = [citation for _, parsed in read for citation in parsed.legal_basis]
        title = matter.title or self._first_heading(matter.body) or unnumbered(lesson_id).replace("-", " ").capitalize()
        words = drawn.words - len(read)  # the token of a block is no word
        words += sum(len(found.body.split()) for found, (_, parsed) in zip(split.blocks, read, strict=True) if not parsed.minutes)
        minutes = math.ceil(words / WORDS_A_MINUTE) + sum(parsed.minutes for _, parsed in read)
        return Lesson(
            id=lesson_id,
            title=title,
            kind=matter.kind,
            minutes=matter.minutes or max(1, minutes),
            words=drawn.words,
            required=matter.required,
            parts=tuple(self._sized(part) if isinstance(part, str) else part for part in prose.split_at_blocks(drawn.html)),
            blocks=tuple(placed for placed, _ in read),
            headings=drawn.headings,
            legal_basis=tuple(dict.fromkeys((*matter.legal_basis, *(one.regulation for one in cited)))),
            cited=tuple(cited),
            meta=matter.meta,
            file=file,
        )

    @staticmethod
    def _first_heading(body: str) -> str:
        match = re.search(r"^#[ \t]+(.+)$", body, re.MULTILINE)
        return match[1].strip(" #")[:160] if match else ""

    def _block(
        self,
        found: blocks.Found,
        number: int,
        *,
        file: str,
        lesson_id: str,
        matter: manifest.FrontMatter,
        whole: str | None,
    ) -> tuple[Placed, Parsed]:
        first = found.line + matter.body_line - 1
        extensions = [make() for make in self.kinds.extensions]

        own = file

        def markdown(text: str, *, line: int = 0, inline: bool = False, file: str = "") -> str:
            where = file or own
            drawn = prose.fragment(
                text, inline=inline, file=where, line=line or first, resolve=self._resolver(where), extensions=extensions
            )
            self.problems.extend(drawn.problems)
            return str(self._sized(drawn.html))

        def read(path: str) -> str | None:
            self.uses.add(("text", path, self._answer("text", path)))
            return self._other_text(path)

        block_id = found.options.get("id") or (lesson_id if whole == found.kind else f"{found.kind}-{number + 1}")
        source = BlockSource(
            kind=found.kind,
            id=block_id,
            body=found.body,
            file=file,
            line=first,
            options=found.options,
            meta=matter.meta,
            whole_file=whole == found.kind,
            markdown=markdown,
            read=read,
            picture=lambda path, beside: self._resolver(beside or own)("image", path),
        )
        try:
            parsed = self.kinds.parse[found.kind](source)
        except (sandbox.TooSlow, RecursionError, MemoryError):
            raise
        except Exception as error:
            self._wrong("P02", "Blok “{kind}” tidak dapat dibaca: {error}", "", file, line=first, kind=found.kind, error=repr(error))
            parsed = Parsed(data=None)
        self.problems += parsed.problems
        return Placed(kind=found.kind, id=block_id, data=parsed.data), parsed

    # -- links and pictures --------------------------------------------------------------------------------------------

    def _resolver(self, file: str) -> prose.Resolve:
        def resolve(kind: str, target: str) -> str | None:
            path, _, anchor = unquote(target).partition("#")
            path = path.partition("?")[0]
            if not path:
                return f"#h-{anchor}" if kind == "link" else None
            inside = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
            if inside.startswith(("..", "/")):
                return None
            answer = self._answer(kind, inside)
            self.uses.add((kind, inside, answer))
            if kind == "image":
                return f"/media/{answer}" if answer else None
            lesson_id = answer
            return f"/belajar/{self.slug}/{lesson_id}" + (f"#h-{anchor}" if anchor else "") if lesson_id else None

        return resolve

    def _other_text(self, inside: str) -> str | None:
        """The text of a Markdown file of this course; None for any other."""
        path = self.folder / inside
        if (
            not inside.endswith(".md")
            or path.is_symlink()
            or not path.is_file()
            or not path.resolve().is_relative_to(self.folder.resolve())
        ):
            return None
        return self._text(inside) if path.stat().st_size <= prose.MAX_SIZE * 4 else None

    def _picture(self, inside: str) -> images.Picture | None:
        if inside in self.pictures:
            return self.pictures[inside]
        path = self.folder / inside
        picture = None
        if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(self.folder.resolve()):
            try:
                data = path.read_bytes()
                picture = self.cache.picture(data) if self.cache else None
                if picture is None:
                    picture = images.prepare(data)
                    if self.cache:
                        self.cache.keep_picture(data, picture)
            except images.BadImage as error:
                self._wrong("C40", error.reason, "Ganti gambarnya, atau simpan ulang.", inside, line=1, **error.values)
        if picture:
            self.media |= picture.files
            self.sizes[f"/media/{picture.name}"] = picture
        self.pictures[inside] = picture
        return picture

    def _sized(self, html: str) -> str:
        """Give each picture its width and height, so that the page does not jump, and its smaller copy to thin lines."""

        def with_size(match: re.Match[str]) -> str:
            picture = self.sizes.get(match[1])
            if picture is None:
                return match[0]
            smaller = ", ".join(f"/media/{name} {width}w" for width, name in sorted(picture.widths.items()))
            more = f' width="{picture.width}" height="{picture.height}"'
            if len(picture.widths) > 1:
                more += f' srcset="{smaller}" sizes="(min-width: 40rem) 38rem, 100vw"'
            return match[0].replace("<img", f"<img{more}", 1)

        return IMG.sub(with_size, html)

    def _wrong(self, code: str, message: str, remedy: str, file: str, *, line: int = 1, **values: str) -> None:
        self.problems.append(Problem(code=code, message=message, remedy=remedy, file=file, line=line, column=1, values=values))
