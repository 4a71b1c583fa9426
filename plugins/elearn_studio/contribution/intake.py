"""A pack's way in without a browser: read, checked, kept as its contributor's draft and sent in for review; all of it, or nothing stays."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import ContentError, Reading, Refused, SettingError, Viewer, check_course, installed_packs
from elearn_studio import drafts, importing, recovering
from elearn_studio.contribution import checks, flow
from elearn_studio.contribution.models import Submission
from elearn_studio.importing import Brought
from elearn_studio.models import Draft
from elearn_studio.publishing import Checked, unfinished

Writing = Callable[[], AbstractContextManager[Session]]


def pack_at(name: str, keys: Mapping[str, str]) -> Brought:
    """The course that ``name`` means: a ZIP, a folder, or the slug of a course that an installed package brings by the entry point
    ``elearn.courses``. Raises ``SettingError``, ``ContentError`` or ``Refused``."""
    path = Path(name)
    if path.is_file():
        return importing.from_zip(path.read_bytes(), keys=keys)
    found = [path] if path.is_dir() else [pack for _, packs in installed_packs() for pack in packs if pack.name == name]
    if not found:
        raise SettingError(f"{name} is neither a ZIP, nor a folder, nor an installed course (see: elearn course list)")
    return importing.from_pack(found[0].resolve(), keys=keys)


def send_in(session: Session, who: Viewer, brought: Brought, *, provenance: str, writing: Writing) -> Submission:
    """Send a pack in for review as the next state of the contributor's draft of that slug; what waited of it before is withdrawn.

    ``session`` reads, ``writing()`` opens the one that writes. Raises ``ContentError`` with all errors, or ``Refused``.
    """
    read = _read(session, brought)
    if read.errors:
        raise ContentError(read.errors)
    draft = drafts.opened(session, who, brought.slug)
    found = checks.look(session, draft, read, brought.texts)
    if flow.stops(found):
        raise Refused(
            "checks", "Ada pemeriksaan yang belum lolos: {what}", what=" ".join(one["text"] for one in found if one["state"] == "bad")
        )
    with writing() as session:
        draft = drafts.opened(session, who, brought.slug, lock=True)
        if draft is None:
            draft = drafts.create(
                session, who, slug=brought.slug, title=brought.title, texts=brought.texts, blobs=brought.blobs, act="import"
            )
        else:
            waiting = _withdrawn(session, draft, who)
            pictures = {path: drafts.keep_blob(session, content) for path, content in brought.blobs.items()}
            recovering.become(session, draft, brought.texts, pictures, by=who.id, act="import")
            if waiting is not None and drafts.read_source(session, waiting.source) == drafts.unpack_source(
                drafts.source_of(session, draft)
            ):
                raise Refused("same", "Paket yang sama sudah menunggu peninjau.")
        checked = Checked(read, drafts.last_change(session, draft), drafts.source_of(session, draft))
        return flow.submit(session, draft, checked, found, who=who, provenance=provenance, signed_by=brought.signed_by)


def _read(session: Session, brought: Brought) -> Reading:
    with tempfile.TemporaryDirectory(prefix="elearn-intake-") as scratch:
        folder = Path(scratch) / brought.slug
        folder.mkdir()
        drafts.write_folder(folder, brought.texts, brought.blobs)
        read = check_course(session, folder)
    return replace(read, problems=(*unfinished(brought.texts), *read.problems))


def _withdrawn(session: Session, draft: Draft, who: Viewer) -> Submission | None:
    """What waits for the reviewer makes room for what comes now."""
    row = session.scalars(
        select(Submission).where(Submission.draft_id == draft.id, Submission.state == "submitted").order_by(Submission.id.desc()).limit(1)
    ).one_or_none()
    if row is not None:
        flow.move(session, row.id, "withdraw", by=who.id, reason="Digantikan oleh kiriman yang lebih baru.")
    return row
