"""From a draft to the catalogue: checked, kept as a version, put on offer now or later; and what that changes for whom."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import (
    Change as SourceChange,
)
from elearn import (
    ContentError,
    Event,
    Problem,
    Reading,
    Refused,
    Released,
    Viewer,
    check_course,
    course_changes,
    keep_version,
    note,
    now,
    offer_version,
    placeholders_in,
    record,
)
from elearn_studio import drafts, merging, regulations
from elearn_studio.models import Draft, Release
from elearn_studio.snippets import PIECES
from elearn_studio.word.questions import typed_in


@dataclass(frozen=True, kw_only=True)
class PublishDue(Event):
    """The time has come for a version that was scheduled."""

    draft_id: int
    digest: str


@dataclass(frozen=True)
class Checked:
    """A draft as it was checked: what was read, the latest change in it, and the source to keep beside the version."""

    reading: Reading
    change: int
    source: bytes


def check(session: Session, draft: Draft) -> Checked:
    """Check the whole draft. Raises ``ContentError`` where it is too heavy to be read at all. Call it outside ``writing()``."""
    change = drafts.last_change(session, draft)
    source = drafts.source_of(session, draft)
    with drafts.folder_of(session, draft) as folder:
        read = check_course(session, folder)
    texts = drafts.unpack_source(source)[0]
    undecided = unfinished(texts)
    old = tuple(regulations.warnings(session, read.course))
    return Checked(replace(read, problems=(*undecided, *read.problems, *old)), change, source)


def unfinished(texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """What only an author sees is missing: places to decide, questions that are none yet, and words of the course it was begun from."""
    return (*loose_ends(texts), *_left_from_the_start(texts))


def loose_ends(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Where a merge left both sides standing, and where a question is typed as in Word, so that its readers would read its answer."""
    for path, text in sorted(texts.items()):
        for line in merging.marks(text):
            yield Problem(
                code="T01",
                message="Dua perubahan bertemu di sini dan belum diputuskan.",
                remedy="Pilih salah satu atau gabungkan, lalu hapus tandanya.",
                file=path,
                line=line,
            )
        _text, count, first = typed_in(text) if path.endswith(".md") else (text, 0, 0)
        if count:
            yield Problem(
                code="T03",
                severity="warning",
                message="{count} soal diketik dengan angka dan huruf, jadi belum menjadi soal: peserta membaca kuncinya.",
                remedy="Tekan Rapikan otomatis.",
                file=path,
                line=first,
                values={"count": count},
            )


def _left_from_the_start(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Words of the course it was begun from, or of a piece put in, that nobody replaced: the first of each file."""
    for path, text in sorted(texts.items()):
        found = [*placeholders_in(text), *((line, words) for words in PIECES for line, words in _lines_with(text, words))]
        for line, words in sorted(found)[:1]:
            yield Problem(
                code="T04",
                severity="warning",
                message="Teks contoh belum diganti: “{words}”",
                remedy="Ganti dengan tulisan Anda, atau hapus.",
                file=path,
                line=line,
                values={"words": words},
            )


def _lines_with(text: str, words: str) -> Iterator[tuple[int, str]]:
    yield from ((number, words) for number, line in enumerate(text.split("\n"), 1) if words in line)


def keep(session: Session, checked: Checked) -> str:
    """Write the version to the store; nobody sees it yet. Raises ``ContentError`` where it has errors."""
    return keep_version(session, checked.reading)


def publish(session: Session, draft: Draft, checked: Checked, digest: str, *, who: Viewer) -> Released:
    """Put what was checked on offer. Raises ``Refused`` where somebody changed the draft meanwhile, or may not take its address."""
    _ready(session, draft, checked, who)
    released = offer_version(session, digest, by=who.id)
    keep_release(session, draft, released, source=drafts.keep_blob(session, checked.source), by=who.id)
    return released


def schedule(session: Session, draft: Draft, checked: Checked, digest: str, *, who: Viewer, at: datetime) -> None:
    """Put what was checked on offer at a time to come: exactly this, whatever is written until then."""
    _ready(session, draft, checked, who)
    if at <= now():
        raise Refused("past", "Waktu terbit harus di masa depan.")
    draft.due_at, draft.due_digest, draft.due_by = at, digest, who.id
    draft.due_source = drafts.keep_blob(session, checked.source)
    record(session, PublishDue(draft_id=draft.id, digest=digest), not_before=at)
    note(session, "studio.schedule", actor=who.id, subject=draft.slug, detail=at.isoformat())


def cancel(session: Session, draft: Draft, *, by: int) -> None:
    """What was scheduled will not go on offer. Raises ``Refused`` where nothing is, because it went on offer meanwhile."""
    if draft.due_at is None:
        raise Refused("not_scheduled", "Tidak ada jadwal terbit. Bila waktunya sudah tiba, naskah itu sudah terbit.")
    _unschedule(draft)
    note(session, "studio.cancel", actor=by, subject=draft.slug)


def publish_due(session: Session, event: PublishDue) -> None:
    """The subscriber: put the scheduled version on offer, unless it was cancelled or replaced since."""
    draft = session.scalars(select(Draft).where(Draft.id == event.draft_id).with_for_update()).one_or_none()
    if draft is None or draft.due_digest != event.digest or draft.due_at is None or draft.due_at > now():
        return
    released = offer_version(session, draft.due_digest, by=draft.due_by)
    keep_release(session, draft, released, source=draft.due_source, by=draft.due_by)


def overdue(session: Session) -> Iterator[Problem]:
    """For ``elearn check``: versions whose time came a while ago and that are not on offer, because nobody tells the events."""
    late = now() - timedelta(minutes=15)
    for slug, due_at in session.execute(select(Draft.slug, Draft.due_at).where(Draft.due_at < late)):
        yield Problem(
            code="T01",
            message="Pelatihan “{slug}” seharusnya terbit {due} (UTC), tetapi belum.",
            remedy="Periksa apakah elearn serve atau elearn worker berjalan, dan peristiwa yang gagal.",
            values={"slug": slug, "due": f"{due_at:%Y-%m-%d %H:%M}"},
        )


def _ready(session: Session, draft: Draft, checked: Checked, who: Viewer) -> None:
    if checked.reading.errors:
        raise ContentError(checked.reading.problems)
    if drafts.last_change(session, draft) != checked.change:
        raise Refused("changed", "Naskah berubah saat diperiksa. Muat ulang halaman ini, lalu terbitkan lagi.")
    if not drafts.may_take_slug(session, who, draft.slug, draft_id=draft.id):
        raise Refused("slug_taken", "Alamat “{slug}” sudah dipakai pelatihan lain. Pilih alamat lain.", slug=draft.slug)


def keep_release(session: Session, draft: Draft, released: Released, *, source: str, by: int | None) -> None:
    """Note what was put on offer from a draft. An older text that was to follow at its time does not come over it."""
    session.add(Release(draft_id=draft.id, version_id=released.version_id, number=released.number, source=source, by=by))
    _unschedule(draft)


def _unschedule(draft: Draft) -> None:
    draft.due_at, draft.due_digest, draft.due_source, draft.due_by = None, "", "", None


def last_release(session: Session, draft: Draft) -> Release | None:
    """What was published last from this draft."""
    return session.scalars(select(Release).where(Release.draft_id == draft.id).order_by(Release.id.desc()).limit(1)).one_or_none()


def changes_since(session: Session, draft: Draft, release: Release | None) -> list[SourceChange]:
    """What changed in the texts since that release; everything is new where there is none."""
    old = drafts.read_source(session, release.source)[0] if release else {}
    new = {file.path: file.text for file in drafts.files_of(session, draft) if file.text is not None}
    with tempfile.TemporaryDirectory(prefix="elearn-studio-") as scratch:
        folders = [Path(scratch) / name for name in ("dahulu", "kini")]
        for folder, texts in zip(folders, (old, new), strict=True):
            folder.mkdir()
            drafts.write_folder(folder, texts, {})
        return course_changes(*folders)
