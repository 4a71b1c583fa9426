"""What the machine looks at before a person does: each check says what it found in one sentence, and whether it stops the submission."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Problem, Reading, courses_on_offer, figures_of, site_of
from elearn import gettext as _
from elearn_studio import credits
from elearn_studio.contribution.likeness import Sketch, kept, likenesses, sketch, texts_of
from elearn_studio.models import Draft

LICENCES = (
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC0-1.0",
    "CC-BY-3.0-IGO",
    "OGL-UK-3.0",
    "LicenseRef-Pemerintah-Indonesia",
)
HEAVY, MOST_NAMED = 5_000_000, 8
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)")
OUTSIDE = re.compile(r"\]\((http://[^)\s]+)")


def _found(name: str, state: str, text: str) -> dict[str, str]:
    return {"name": name, "state": state, "text": text}


def look(session: Session, draft: Draft | None, read: Reading, texts: Mapping[str, str]) -> list[dict[str, str]]:
    """All checks: ``state`` is "ok", "warn" or "bad" (which stops the submission). ``draft`` is None for what is no draft yet. Slow: call
    it before ``writing()``."""
    return [
        _lint(read),
        _weight(read),
        _licence(read),
        _authors(read),
        _pictures(texts),
        _accessible(read),
        _picture_licences(texts),
        _links(texts),
        *_likeness(session, draft, read),
    ]


def _lint(read: Reading) -> dict[str, str]:
    errors = len(read.errors)
    if errors:
        return _found("lint", "bad", _("%(count)s kesalahan harus diperbaiki dahulu.", count=errors))
    rest = [problem for problem in read.problems if problem.code not in ACCESSIBILITY]
    if not rest:
        return _found("lint", "ok", _("Tidak ada kesalahan."))
    return _found("lint", "warn", _("%(count)s hal untuk diperiksa: %(what)s", count=len(rest), what=_said(rest)))


def _weight(read: Reading) -> dict[str, str]:
    weight = sum(lesson.weight for lesson in figures_of(read.course, read.media).lessons)
    said = _("Berat seluruhnya %(size)s kB.", size=weight // 1000)
    return _found("weight", "warn" if weight > HEAVY else "ok", said)


def _licence(read: Reading) -> dict[str, str]:
    licence = read.course.licence
    if not licence:
        return _found("licence", "bad", _("Lisensi belum disebut di course.yml (lisensi: CC-BY-SA-4.0, misalnya)."))
    if licence not in LICENCES:
        return _found(
            "licence",
            "bad",
            _("Lisensi “%(licence)s” bukan pengenal SPDX yang diterima: %(known)s.", licence=licence, known=", ".join(LICENCES)),
        )
    return _found("licence", "ok", _("Lisensi %(licence)s.", licence=licence))


def _authors(read: Reading) -> dict[str, str]:
    authors = read.course.authors
    if not authors:
        return _found("authors", "bad", _("Penulis belum disebut di course.yml."))
    bare = [author.name for author in authors if not author.organisation]
    if bare:
        return _found("authors", "warn", _("Instansi belum disebut untuk %(names)s.", names=", ".join(bare)))
    said = ", ".join(f"{author.name} ({author.organisation}{', ORCID ' + author.orcid if author.orcid else ''})" for author in authors)
    return _found("authors", "ok", said)


def _picture_licences(texts: Mapping[str, str]) -> dict[str, str]:
    """A picture that is not the authors' own has its licence and source; the rest goes under the pack's."""
    used = {path.rpartition("/")[2] for text in texts.values() for _alt, path in PICTURE.findall(text)}
    rows = credits.read(texts.get(credits.PATH, ""))
    bare = sorted(name for name, (licence, source) in rows.items() if not licence or not source)
    if bare:
        return _found("picture_licences", "bad", _("Lisensi atau sumber belum lengkap untuk gambar: %(names)s.", names=", ".join(bare[:5])))
    gone = sorted(rows.keys() - used)
    if gone:
        return _found("picture_licences", "warn", _("Gambar di daftar lisensi yang tidak dipakai: %(names)s.", names=", ".join(gone[:5])))
    own = len(used) - len(rows)
    return _found(
        "picture_licences",
        "ok",
        _("%(own)s gambar karya sendiri, %(others)s dari pihak lain dengan lisensi dan sumbernya.", own=own, others=len(rows)),
    )


def _pictures(texts: Mapping[str, str]) -> dict[str, str]:
    """Every picture needs a word in place of it."""
    bare = sorted({path for text in texts.values() for alt, path in PICTURE.findall(text) if not alt.strip()})
    if bare:
        return _found("pictures", "bad", _("Gambar tanpa teks pengganti: %(names)s.", names=", ".join(bare[:5])))
    count = len({path for text in texts.values() for _alt, path in PICTURE.findall(text)})
    return _found("pictures", "ok", _("%(count)s gambar, semua dengan teks pengganti.", count=count))


ACCESSIBILITY = {"A01", "A02", "A03", "A04", "M06"}


def _accessible(read: Reading) -> dict[str, str]:
    """What the check of the whole course says of readers who hear it or go by keyboard."""
    found = [problem for problem in read.problems if problem.code in ACCESSIBILITY]
    if not found:
        return _found("accessibility", "ok", _("Judul bertingkat, tabel berjudul kolom, tautan dan gambar menyebut isinya."))
    return _found("accessibility", "warn", _("%(count)s hal menyulitkan pembaca layar: %(what)s", count=len(found), what=_said(found)))


def _said(problems: Sequence[Problem]) -> str:
    """The first few, each once with where it stands first, for whoever cannot open the draft."""
    places: dict[str, list[str]] = {}
    for problem in problems:
        places.setdefault(problem.text(_), []).append(f"{problem.file}:{problem.line}")
    said = [f"{at[0]} {text[:160]}{f' (+{len(at) - 1})' if len(at) > 1 else ''}" for text, at in places.items()]
    return " · ".join(said[:5]) + (" …" if len(said) > 5 else "")


def _links(texts: Mapping[str, str]) -> dict[str, str]:
    plain = sorted({link for text in texts.values() for link in OUTSIDE.findall(text)})
    if plain:
        return _found("links", "warn", _("Tautan tanpa https: %(links)s.", links=", ".join(plain[:5])))
    return _found("links", "ok", _("Semua tautan memakai https."))


def _likeness(session: Session, draft: Draft | None, read: Reading) -> list[dict[str, str]]:
    """Against every course on offer here but this one, the module it stands on, and the local versions that stand on it."""
    own = {read.course.slug} | ({draft.origin} if draft is not None and draft.origin else set())
    own |= set(session.scalars(select(Draft.slug).where(Draft.origin == read.course.slug)))
    site = site_of(session)

    def others() -> Iterator[tuple[str, Sketch]]:
        for offered in courses_on_offer(session):
            if offered.course.slug not in own:
                lessons = (site.store.lesson(offered.digest, lesson.id) for lesson in offered.course.lessons())
                yield offered.course.title, kept(site.cache / "likeness", offered.digest, lessons)

    mine = {lesson.title: sketch(texts_of(lesson)) for lesson in read.course.lessons()}
    found = likenesses(mine, others())
    if not found:
        return [_found("likeness", "ok", _("Tidak ada bagian yang sama dengan pelatihan lain di situs ini."))]
    by_course: dict[str, list[str]] = {}
    for one in found:
        by_course.setdefault(one.other, []).append(f"{one.title} {round(one.share * 100)}%")
    return [
        _found(
            "likeness",
            "warn",
            _("%(count)s pelajaran mirip “%(other)s”: %(which)s.", count=len(which), other=other, which=", ".join(which[:MOST_NAMED])),
        )
        for other, which in list(by_course.items())[:10]
    ]
