"""Back to what was: a file that was deleted, or the whole draft as it was published once."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from elearn import Refused, insert_once
from elearn_studio import drafts
from elearn_studio.models import Blob, Change, Draft, File, Presence, Release


def latest_changes(session: Session, draft: Draft, *, limit: int = 100) -> list[Change]:
    """What was changed in the draft, the latest first; the texts are not read."""
    return list(session.scalars(select(Change).where(Change.draft_id == draft.id).order_by(Change.id.desc()).limit(limit)))


def bring_back(session: Session, draft: Draft, change_id: int, *, by: int) -> File:
    """A file that was deleted, as it was then; under another number where its name is taken. Raises ``Refused``."""
    statement = (
        select(Change).options(undefer(Change.text)).where(Change.id == change_id, Change.draft_id == draft.id, Change.act == "delete")
    )
    change = session.scalars(statement).one_or_none()
    if change is None or session.scalar(select(File.id).where(File.id == change.file_id)):
        raise Refused("not_gone", "Berkas itu tidak sedang terhapus.")
    path, number = change.path, 2
    while drafts.file_at(session, draft, path) is not None:
        stem, ending = posixpath.splitext(change.path)
        path, number = f"{stem}-{number}{ending}", number + 1
    # under its old id, so that its history goes on
    values = {"id": change.file_id, "draft_id": draft.id, "path": path, "text": change.text, "blob": change.blob, "changed_by": by}
    if not insert_once(session, File, values=values | {"revision": change.revision + 1}, key=("id",)):
        raise Refused("not_gone", "Berkas itu tidak sedang terhapus.")
    file = session.scalars(select(File).where(File.id == change.file_id).execution_options(populate_existing=True)).one()
    drafts.note_change(session, file, act="restore")
    drafts.touch(session, draft)
    return file


def back_to_release(session: Session, draft: Draft, number: int, *, by: int) -> int:
    """Make the draft what it was when version ``number`` was published; answers how many files changed. The history keeps all.

    Raises ``Refused`` where no such version was published from this draft.
    """
    statement = select(Release).where(Release.draft_id == draft.id, Release.number == number).order_by(Release.id.desc()).limit(1)
    release = session.scalars(statement).one_or_none()
    if release is None:
        raise Refused("no_source", "Naskah versi {number} tidak tersimpan di sini.", number=number)
    texts, pictures = drafts.read_source(session, release.source)
    return become(session, draft, texts, pictures, by=by, act="restore")


def become(session: Session, draft: Draft, texts: Mapping[str, str], pictures: Mapping[str, str], *, by: int, act: str) -> int:
    """Make the draft hold exactly these texts and pictures (digests of blobs that are kept); answers how many files changed."""
    wanted: dict[str, tuple[str | None, str | None]] = {path: (text, None) for path, text in texts.items()}
    known = set(session.scalars(select(Blob.digest).where(Blob.digest.in_(list(pictures.values())))))
    wanted |= {path: (None, digest) for path, digest in pictures.items() if digest in known}
    changed = 0
    for file in drafts.files_of(session, draft):
        text, blob = wanted.pop(file.path, (None, None))
        if (file.text, file.blob) == (text, blob):
            continue
        changed += 1
        file.revision, file.changed_by = file.revision + 1, by
        if text is None and blob is None:
            drafts.note_change(session, file, act="delete")
            session.execute(delete(Presence).where(Presence.file_id == file.id))
            session.execute(delete(File).where(File.id == file.id))
        else:
            file.text, file.blob = text, blob
            drafts.note_change(session, file, act=act)
    for path, (text, blob) in sorted(wanted.items()):
        changed += 1
        file = File(draft_id=draft.id, path=path, revision=1, text=text, blob=blob, changed_by=by)
        session.add(file)
        session.flush()
        drafts.note_change(session, file, act=act)
    draft.title = drafts.title_in(texts.get("course.yml")) or draft.title
    drafts.touch(session, draft)
    return changed
