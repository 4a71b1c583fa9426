"""What the author of a demo site has under way: a published course with learners in it, and a new one."""

from __future__ import annotations

from elearn import DemoAuthor, now, starter_files, versions_of
from elearn_studio import drafts, importing
from elearn_studio.models import Release

TITLE = "Menangani Keluhan Warga"


def demo_author(subject: DemoAuthor) -> None:
    """Two drafts: the first bundled course as it was published, and one just begun."""
    session, who = subject.session, subject.viewer
    for pack in subject.packs[:1]:
        brought = importing.from_folder(pack)
        draft = drafts.create(
            session, who, slug=pack.name, title=brought.title, texts=brought.texts, blobs=brought.blobs, act="import", own=True
        )
        source = drafts.keep_blob(session, drafts.source_of(session, draft))
        for version in versions_of(session, pack.name)[:1]:
            session.add(Release(draft_id=draft.id, version_id=version.id, number=version.number, source=source, by=who.id, at=now()))
    texts = starter_files("tiga-jp", title=TITLE, author=who.person.name if who.person else "", organisation=who.unit)
    drafts.create(session, who, slug=drafts.slug_of(TITLE), title=TITLE, texts=texts, blobs={}, act="create")
