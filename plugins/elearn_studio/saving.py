"""Saving a text so that nobody overwrites anybody: a revision number that must match, and every state kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session, undefer

from elearn import Refused, insert_or_update, now
from elearn_studio import drafts, merging
from elearn_studio.models import Change, Draft, File, Presence

SEEN, THIN = timedelta(seconds=90), timedelta(hours=1)


class Conflict(Exception):
    """Somebody saved the file since it was opened. ``mine`` is what was to be kept, ``saved`` the text there is now."""

    def __init__(self, *, mine: str, base: str, saved: str, revision: int, by: str, at: datetime) -> None:
        self.mine, self.base, self.saved, self.revision, self.by, self.at = mine, base, saved, revision, by, at
        super().__init__(f"revision {revision}")

    @cached_property
    def merged(self) -> merging.Merged:
        """Both texts in one: made where it is shown, for whoever saves meanwhile must not wait for it."""
        return merging.merge(self.base, self.mine, self.saved)


@dataclass(frozen=True)
class Other:
    """Somebody else at the same file: has it open now, or saved it a short while ago."""

    name: str
    at: datetime
    open: bool


def save(session: Session, draft: Draft, file: File, text: str, *, revision: int, by: int, act: str = "save") -> int:
    """Keep ``text`` as the file's next revision; answers its number. The same text again changes nothing.

    Raises ``Conflict`` where the file is not at ``revision`` any more, and ``Refused`` where marks of a merge are left in it.
    """
    text = drafts.clean_text(text)
    if act == "save" and merging.has_marks(text):
        raise Refused("marks", "Masih ada tanda “<<<<<<<” dan “>>>>>>>”. Pilih salah satu bagian, lalu hapus tandanya.")
    if file.revision == revision and file.text == text:
        return revision
    won = cast(
        "CursorResult[Any]",
        session.execute(
            update(File)
            .where(File.id == file.id, File.revision == revision)
            .values(text=text, revision=revision + 1, changed_by=by, changed_at=now())
            .execution_options(synchronize_session=False)
        ),
    ).rowcount
    session.refresh(file)
    if not won:
        if file.text == text:
            return file.revision
        raise _conflict(session, file, text, revision=revision)
    drafts.note_change(session, file, act=act)
    if file.path == "course.yml":
        draft.title = drafts.title_in(text) or draft.title
    drafts.touch(session, draft)
    if act == "auto":
        _thin_out(session, file)
    return file.revision


def _conflict(session: Session, file: File, text: str, *, revision: int) -> Conflict:
    state = state_before(session, file, revision + 1)  # that revision itself, or the one before where it was thinned out
    base = (state.text if state else None) or ""
    name = drafts.names(session, [file.changed_by]).get(file.changed_by or 0, "")
    return Conflict(mine=text, base=base, saved=file.text or "", revision=file.revision, by=name, at=file.changed_at)


def _thin_out(session: Session, file: File) -> None:
    """Of what was saved automatically more than an hour ago, keep the last state of each hour."""
    old = (Change.file_id == file.id, Change.act == "auto", Change.at < now() - THIN)
    rows = session.execute(select(Change.id, Change.at).where(*old).order_by(Change.id.desc()).limit(500)).all()
    seen: set[str] = set()
    gone = []
    for change_id, at in rows:
        hour = f"{at:%Y%m%d%H}"
        if hour in seen:
            gone.append(change_id)
        seen.add(hour)
    if gone:
        session.execute(delete(Change).where(Change.id.in_(gone)))


def history(session: Session, file: File, *, limit: int = 100) -> list[Change]:
    """The states the file was in, the latest first; their texts are not read."""
    return list(session.scalars(select(Change).where(Change.file_id == file.id).order_by(Change.id.desc()).limit(limit)))


def state_at(session: Session, file: File, revision: int) -> Change | None:
    """The state of that number with its text, or None."""
    statement = select(Change).options(undefer(Change.text)).where(Change.file_id == file.id, Change.revision == revision)
    return session.scalars(statement.order_by(Change.id.desc()).limit(1)).one_or_none()


def state_before(session: Session, file: File, revision: int) -> Change | None:
    """The state that came before that number, with its text, or None where that one was the first."""
    statement = select(Change).options(undefer(Change.text)).where(Change.file_id == file.id, Change.revision < revision)
    return session.scalars(statement.order_by(Change.revision.desc(), Change.id.desc()).limit(1)).one_or_none()


def be_here(session: Session, file: File, person_id: int) -> None:
    """Note that the person has the file open."""
    values = {"file_id": file.id, "person_id": person_id, "seen_at": now()}
    insert_or_update(session, Presence, values=values, key=("file_id", "person_id"))


def others(session: Session, file: File, person_id: int) -> list[Other]:
    """Who else has the file open now, or saved it last within ten minutes."""
    statement = select(Presence.person_id, Presence.seen_at).where(
        Presence.file_id == file.id, Presence.person_id != person_id, Presence.seen_at > now() - SEEN
    )
    here = dict(session.execute(statement).all())
    recent = file.changed_by if file.changed_by != person_id and file.changed_at > now() - 10 * timedelta(minutes=1) else None
    known = drafts.names(session, [*here, recent])
    found = [Other(known.get(one, ""), at, True) for one, at in here.items()]
    if recent and recent not in here:
        found.append(Other(known.get(recent, ""), file.changed_at, False))
    return found
