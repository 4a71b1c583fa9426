"""A local version of another's module: the region's own rules and cases on top, the rest still the module's. When the module moves on,
what changed there comes in by a three-way merge; what both changed is shown to be decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Refused, Viewer
from elearn_studio import drafts, merging
from elearn_studio.models import Blob, Draft, File, Release


@dataclass(frozen=True, kw_only=True)
class Update:
    """What an update brings for one file: ``kind`` is "new", "changed", "merged" (both changed, without conflict), "conflict", "gone"
    (the module dropped what is unchanged here) or "kept" (the module dropped what was changed here); ``text`` as it would stand."""

    path: str
    kind: str
    text: str | None = None
    blob: str | None = None
    conflicts: int = 0


def latest(session: Session, slug: str) -> Release | None:
    """What was published last from the draft of that slug."""
    return session.scalars(
        select(Release).join(Draft, Draft.id == Release.draft_id).where(Draft.slug == slug).order_by(Release.id.desc()).limit(1)
    ).one_or_none()


def modules(session: Session) -> list[tuple[str, str]]:
    """(slug, title) of every module that was published from the studio, by title."""
    published = select(Release.id).where(Release.draft_id == Draft.id).exists()
    return [
        (slug, title) for slug, title in session.execute(select(Draft.slug, Draft.title).where(published).order_by(Draft.title).limit(500))
    ]


def start(session: Session, who: Viewer, *, origin: str, slug: str, title: str) -> Draft:
    """A draft that stands on the published module ``origin``. Raises ``Refused`` where there is none or its licence forbids changes."""
    release = latest(session, origin)
    if release is None:
        raise Refused("no_origin", "Modul itu belum terbit dari studio situs ini.")
    texts, pictures = drafts.read_source(session, release.source)
    if "-ND" in texts.get("course.yml", ""):
        raise Refused("no_derivatives", "Lisensi modul itu tidak mengizinkan perubahan.")
    data = dict(session.execute(select(Blob.digest, Blob.data).where(Blob.digest.in_(set(pictures.values())))).all())
    blobs = {path: data[digest] for path, digest in pictures.items() if digest in data}
    draft = drafts.create(session, who, slug=slug, title=title, texts=texts, blobs=blobs, act="import")
    draft.origin, draft.origin_release = origin, release.id
    return draft


def pending(session: Session, draft: Draft) -> Release | None:
    """The module's newer release, where there is one."""
    if not draft.origin:
        return None
    newest = latest(session, draft.origin)
    return newest if newest is not None and newest.id != draft.origin_release else None


def updates(session: Session, draft: Draft, newest: Release) -> list[Update]:
    """What taking the newer release in would do, by path."""
    base_row = session.get(Release, draft.origin_release) if draft.origin_release else None
    base, base_pictures = drafts.read_source(session, base_row.source) if base_row else ({}, {})
    theirs, their_pictures = drafts.read_source(session, newest.source)
    files = {file.path: file for file in drafts.files_of(session, draft)}
    mine = {path: file.text for path, file in files.items() if file.text is not None}
    found = [*_texts(base, mine, theirs), *_pictures(base_pictures, files, their_pictures)]
    return sorted(found, key=lambda update: update.path)


def _texts(base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]) -> list[Update]:
    found = []
    for path in sorted(base.keys() | theirs.keys()):
        old, ours, new = base.get(path), mine.get(path), theirs.get(path)
        if new == old:
            continue
        if new is None:
            if ours is not None:
                found.append(Update(path=path, kind="gone" if ours == old else "kept", text=None if ours == old else ours))
        elif ours is None:
            if old is None:  # what the region threw away stays away
                found.append(Update(path=path, kind="new", text=new))
        elif ours == old:
            found.append(Update(path=path, kind="changed", text=new))
        elif ours != new:
            merged = merging.merge(old or "", ours, new)
            found.append(Update(path=path, kind="conflict" if merged.conflicts else "merged", text=merged.text, conflicts=merged.conflicts))
    return found


def _pictures(base: dict[str, str], files: dict[str, File], theirs: dict[str, str]) -> list[Update]:
    found = []
    for path, digest in theirs.items():
        here = files[path].blob if path in files else None
        if digest != base.get(path) and here in (None, base.get(path)) and here != digest:
            found.append(Update(path=path, kind="changed" if here else "new", blob=digest))
    return found


def take(session: Session, draft: Draft, newest: Release, *, by: int) -> int:
    """Take all of it in; conflicts stand with marks, which the check then names. Answers how many places are to be decided."""
    files = {file.path: file for file in drafts.files_of(session, draft)}
    conflicts = 0
    for update in updates(session, draft, newest):
        conflicts += update.conflicts
        file = files.get(update.path)
        if update.kind == "kept":
            continue
        if update.kind == "gone" and file is not None:
            file.changed_by, file.revision = by, file.revision + 1
            drafts.note_change(session, file, act="delete")
            session.delete(file)
        elif file is None and update.text is not None:
            drafts.add_text(session, draft, update.path, update.text, by=by, act="import")
        elif file is None and update.blob is not None:
            session.add(File(draft_id=draft.id, path=update.path, revision=1, blob=update.blob, changed_by=by))
            session.flush()
        elif file is not None:
            file.text, file.blob = update.text, update.blob
            file.changed_by, file.revision = by, file.revision + 1
            drafts.note_change(session, file, act="import")
    draft.origin_release = newest.id
    drafts.touch(session, draft)
    return conflicts
