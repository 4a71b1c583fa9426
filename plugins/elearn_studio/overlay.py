"""A local version of another's module: the region's own rules and cases on top, the rest still the module's. When the module moves on,
what changed there comes in by a three-way merge; what both changed is shown to be decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import CoursePublished, Refused, Viewer, site_of
from elearn_studio import arrangement, drafts, merging
from elearn_studio.arrangement import Sections, fastened
from elearn_studio.letters import tell_writers
from elearn_studio.models import Blob, Draft, File, Release
from elearn_studio.outline import Outline, unnumbered, with_course_title


@dataclass(frozen=True, kw_only=True)
class Update:
    """What an update brings for one file: ``kind`` is "new", "changed", "merged" (both changed, without conflict), "conflict", "gone"
    (the module dropped what is unchanged here), "kept" (the module dropped or redrew what was changed here) or "away" (changed there,
    thrown away here). ``path`` is where the file lies here, or lay there; ``name`` what it is; ``text`` as it would stand."""

    path: str
    kind: str
    name: str = ""
    text: str | None = None
    blob: str | None = None
    conflicts: int = 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that an update would do: file by file, and the order of lessons afterwards where it changes."""

    updates: tuple[Update, ...]
    order: Sections | None


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


def title_of(session: Session, origin: str | None) -> str:
    """What the module with that slug is called; its slug where its draft is gone."""
    return session.scalar(select(Draft.title).where(Draft.slug == origin)) or origin or ""


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
    texts["course.yml"] = with_course_title(texts.get("course.yml", ""), title)
    draft = drafts.create(session, who, slug=slug, title=title, texts=texts, blobs=blobs, act="import")
    draft.origin, draft.origin_release = origin, release.id
    return draft


def pending(session: Session, draft: Draft) -> Release | None:
    """The module's newer release, where there is one."""
    if not draft.origin:
        return None
    newest = latest(session, draft.origin)
    return newest if newest is not None and newest.id != draft.origin_release else None


def plan(session: Session, draft: Draft, newest: Release) -> Plan:
    """What taking the newer release in would do."""
    base_row = session.get(Release, draft.origin_release) if draft.origin_release else None
    base, base_pictures = drafts.read_source(session, base_row.source) if base_row else ({}, {})
    theirs, their_pictures = drafts.read_source(session, newest.source)
    files = {file.path: file for file in drafts.files_of(session, draft)}
    mine = {path: file.text for path, file in files.items() if file.text is not None}
    found = [*_texts(base, mine, theirs), *_pictures(base_pictures, files, their_pictures)]
    return Plan(updates=tuple(sorted(found, key=lambda update: update.path)), order=_order(base, mine, theirs, found))


def _texts(base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]) -> list[Update]:
    sides = [{name: (path, text) for name, path, text in arrangement.by_identity(texts)} for texts in (base, mine, theirs)]
    folders = {unnumbered(folder): folder for folder in (path.rpartition("/")[0] for path in mine)}
    places = {name: path for name, (path, _text) in sides[0].items()}
    places |= {name: _landing(path, folders) for name, (path, _text) in sides[2].items()}
    places |= {name: path for name, (path, _text) in sides[1].items()}
    found = []
    for name in sorted(sides[0].keys() | sides[2].keys()):
        old, ours, new = (side.get(name, ("", None))[1] for side in sides)
        if new == old:
            continue
        path = places[name]
        if new is None:
            if ours is not None:
                found.append(Update(path=path, name=name, kind="gone" if ours == old else "kept"))
        elif ours is None:
            kind = "new" if old is None else "away"
            found.append(Update(path=path, name=name, kind=kind, text=fastened(path, new, places) if kind == "new" else None))
        elif ours == old:
            found.append(Update(path=path, name=name, kind="changed", text=fastened(path, new, places)))
        elif ours != new:
            merged = merging.merge(old or "", ours, new, last=merging.FROM_ORIGIN)
            kind = "conflict" if merged.conflicts else "merged"
            text = fastened(path, merged.text, places)
            found.append(Update(path=path, name=name, kind=kind, text=text, conflicts=merged.conflicts))
    return found


def _landing(path: str, folders: dict[str, str]) -> str:
    """Where a file of the module lies here until it is numbered: in the folder that its module has here."""
    folder, _, name = path.rpartition("/")
    folder = folders.get(unnumbered(folder), folder) if arrangement.identity(path) != path else folder
    return f"{folder}/{name}" if folder else name


def _pictures(base: dict[str, str], files: dict[str, File], theirs: dict[str, str]) -> list[Update]:
    found = []
    for path, digest in theirs.items():
        here = files[path].blob if path in files else None
        if digest == base.get(path) or here == digest:
            continue
        if here in (None, base.get(path)):
            found.append(Update(path=path, kind="changed" if here else "new", blob=digest))
        else:
            found.append(Update(path=path, kind="kept"))
    return found


def _order(base: dict[str, str], mine: dict[str, str], theirs: dict[str, str], found: list[Update]) -> Sections | None:
    """The lessons' order afterwards; None where it stays."""
    now = arrangement.arrangement(mine)
    lessons = {name for name in map(arrangement.identity, mine) if name.startswith("lesson ")}
    wanted = lessons | {one.name for one in found if one.kind == "new" and one.name.startswith("lesson ")}
    wanted -= {one.name for one in found if one.kind == "gone"}
    then = arrangement.merged(arrangement.arrangement(base), now, arrangement.arrangement(theirs), wanted)
    return then if then != [(module, names) for module, names in now if names] else None


def take(session: Session, draft: Draft, newest: Release, *, by: int) -> int:
    """Take all of it in; conflicts stand with marks, which the check then names. Answers how many places are to be decided."""
    files = {file.path: file for file in drafts.files_of(session, draft)}
    what = plan(session, draft, newest)
    for update in what.updates:
        file = files.get(update.path)
        if update.kind in ("kept", "away"):
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
    if what.order is not None:
        session.flush()
        outline = Outline(session, draft, by=by)
        outline.arrange(what.order)
        outline.apply()
    draft.origin_release = newest.id
    drafts.touch(session, draft)
    return sum(update.conflicts for update in what.updates)


def behind(session: Session, rows: list[Draft]) -> set[int]:
    """The ids of those local versions whose module moved on; one statement."""
    origins = {draft.origin for draft in rows if draft.origin}
    if not origins:
        return set()
    newest = dict(
        session.execute(
            select(Draft.slug, func.max(Release.id))
            .join(Release, Release.draft_id == Draft.id)
            .where(Draft.slug.in_(origins))
            .group_by(Draft.slug)
        ).all()
    )
    return {draft.id for draft in rows if draft.origin and newest.get(draft.origin, draft.origin_release) != draft.origin_release}


def tell(session: Session, event: CoursePublished) -> None:
    """Have the writers of local versions told that their module moved on."""
    for draft in session.scalars(select(Draft).where(Draft.origin == event.slug)).all():
        if pending(session, draft) is None:
            continue
        address = site_of(session).url_for_path(f"/tulis/{draft.slug}/asal")
        tell_writers(
            session,
            draft.slug,
            subject=f"Modul asal diperbarui: {draft.title}",
            text=f"modul asal “{draft.title}” punya versi {event.number}. Lihat apa yang berubah, apa yang"
            f" berbenturan, dan ambil pembaruannya di:\n\n{address}\n\nBagian setempat Anda tetap.",
        )
