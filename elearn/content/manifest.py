"""course.yml and the front matter of lessons: every key by its Indonesian and its English name, every fault with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from elearn.content import heads, yaml_read
from elearn.content.fields import Fields
from elearn.content.values import Author, CompetencyAim, Course, Json, LegalBasis
from elearn.errors import Problem

LEVELS = {"dasar": "basic", "menengah": "intermediate", "lanjut": "advanced"}
LEVELS |= {value: value for value in LEVELS.values()}
ORDERS = {"bebas": "free", "berurut": "sequential", "free": "free", "sequential": "sequential"}
LANGUAGES = {"id": "id", "en": "en"}
CORE_KINDS = {"pelajaran": "lesson", "lesson": "lesson", "tugas": "task", "task": "task"}
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FENCE = re.compile(r"^---[ \t]*$")


def read_course_file(text: str, *, slug: str, file: str) -> tuple[Course, list[Problem]]:
    """The course that course.yml describes, without its sections yet, and all that is wrong in it."""
    value, problems = yaml_read.read(text, file=file)
    if problems and not value.content:
        return Course(slug=slug, title="", summary=""), problems  # nothing of it could be read, so nothing can be missed
    fields = Fields(value, file=file, problems=problems)
    course = Course(
        slug=slug,
        title=fields.text("judul", "title", longest=160, required=True),
        summary=fields.text("ringkasan", "summary", longest=400, required=True),
        language=fields.choice("bahasa", "language", choices=LANGUAGES, default="id"),
        hours=fields.number("jp", "hours", lowest=0, highest=400, default=0),
        level=fields.choice("tingkat", "level", choices=LEVELS, default="basic"),
        competencies=tuple(_competency(group) for group in fields.groups("kompetensi", "competencies")),
        objectives=fields.texts("tujuan", "objectives"),
        authors=tuple(_author(group) for group in fields.groups("penulis", "authors")),
        organisation=fields.text("organisasi", "organisation", longest=160),
        licence=fields.text("lisensi", "licence", "license", longest=60),
        legal_basis=tuple(_basis(group) for group in fields.groups("dasar", "legal_basis")),
        prerequisites=fields.texts("prasyarat", "prerequisites"),
        order=fields.choice("urutan", "order", choices=ORDERS, default="free"),
        pass_mark=fields.share("lulus", "pass", default=0.0),
    )
    fields.rest()
    if slug in course.prerequisites:
        problems.append(Problem(code="C20", message="Pelatihan ini menjadi prasyarat bagi dirinya sendiri.", file=file, line=1))
    return course, problems


def _competency(fields: Fields) -> CompetencyAim:
    aim = CompetencyAim(
        code=fields.text("kode", "code", longest=60, required=True),
        level=fields.number("level", "tingkat", lowest=1, highest=5, default=1),
    )
    fields.rest()
    return aim


def _author(fields: Fields) -> Author:
    author = Author(
        name=fields.text("nama", "name", longest=160, required=True),
        organisation=fields.text("organisasi", "organisation", longest=160),
        orcid=fields.orcid("orcid"),
    )
    fields.rest()
    return author


def _basis(fields: Fields) -> LegalBasis:
    basis = LegalBasis(
        regulation=fields.text("peraturan", "regulation", longest=200, required=True),
        note=fields.text("keterangan", "note", longest=400),
        as_of=fields.day("per", "as_of"),
        source=fields.text("sumber", "source", longest=300),
    )
    fields.rest()
    return basis


@dataclass(frozen=True, kw_only=True)
class FrontMatter:
    """What stands between the two --- lines at the head of a lesson; ``body_line`` is the line at which the text begins."""

    title: str
    id: str
    kind: str
    minutes: int
    required: bool
    legal_basis: tuple[str, ...]
    meta: dict[str, Json]
    body: str
    body_line: int


CORE_KEYS = {
    "judul", "title", "id", "jenis", "kind", "menit", "minutes", "wajib", "required", "dasar", "legal_basis", "jp"
}  # fmt: skip


def split_front_matter(text: str) -> tuple[str, str, int]:
    """The YAML, the body, and the line of the file at which the body begins."""
    lines = text.split("\n")
    if not lines or not FENCE.match(lines[0]):
        return "", text, 1
    for number, line in enumerate(lines[1:200], 1):
        if FENCE.match(line):
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return "", text, 1


def read_front_matter(text: str, *, file: str, plugin_kinds: dict[str, str]) -> tuple[FrontMatter, list[Problem]]:
    """A lesson's front matter. ``plugin_kinds`` are the further words for ``jenis`` and the block kinds they stand for."""
    yaml_text, body, body_line = split_front_matter(text)
    value, problems = yaml_read.read(yaml_text, file=file, line=2) if yaml_text else (yaml_read.Value({}, 1, 1), [])
    fields = Fields(value, file=file, problems=problems)
    matter = FrontMatter(
        title=fields.text("judul", "title", longest=160),
        id=fields.text("id", longest=80),
        kind=fields.choice("jenis", "kind", choices=CORE_KINDS | plugin_kinds, default="lesson"),
        minutes=fields.number("menit", "minutes", lowest=1, highest=600, default=0),
        required=fields.yes("wajib", "required", default=True),
        legal_basis=fields.texts("dasar", "legal_basis"),
        meta={name: item.plain() for name, item in fields.entries.items()},
        body=body,
        body_line=body_line,
    )
    if not yaml_text and heads.is_damaged(text):
        problems.append(
            Problem(
                code="C22",
                message="Kepala pelajaran tidak terbaca: judul, menit, dan jenisnya hilang.",
                remedy="Baris pertama “---”, lalu judul dan menit, lalu “---” lagi. Rapikan otomatis membetulkannya.",
                file=file,
                line=1,
                column=1,
            )
        )
    if matter.id and not SLUG.fullmatch(matter.id):
        problems.append(
            Problem(
                code="C21",
                message="“id: {id}” hanya boleh huruf kecil, angka, dan tanda hubung.",
                file=file,
                line=1,
                values={"id": matter.id},
            )
        )
    if matter.kind in CORE_KINDS.values():
        fields.rest(known_elsewhere=CORE_KEYS)
    return matter, problems
