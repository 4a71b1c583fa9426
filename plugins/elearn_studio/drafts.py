"""Drafts: made, opened by who may, listed, and written out as a folder that the core can read."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from elearn import Person, Refused, Viewer, course_id_of, insert_once, note, now
from elearn_studio.contribution.models import Submission
from elearn_studio.models import Blob, Change, Draft, File, Member, Presence, Release

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TITLE = re.compile(r"^(?:judul|title):[ \t]*(.+?)[ \t]*$", re.MULTILINE)
TAKEN = frozenset(
    {"baru", "impor", "kunci", "laporan", "lapor", "tinjauan", "dasar-hukum", "setempat", "static"}
)  # the studio's own addresses
PICTURES = ".gambar.json"
MOST_FILES, LONGEST_TEXT = 1_000, 400_000


@dataclass(frozen=True)
class Row:
    """A draft in the list of one's own: what is new since it was published, and who else writes it."""

    draft: Draft
    role: str
    lessons: int
    published: int | None


def slug_of(title: str) -> str:
    """The address that a title suggests: "Etika & Pelayanan" is "etika-pelayanan"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def title_in(text: str | None) -> str:
    """The title that a course.yml or a lesson's head gives; "" where there is none."""
    match = TITLE.search(text or "")
    return _unquoted(match[1])[:200] if match else ""


def _unquoted(scalar: str) -> str:
    """What a one-line YAML scalar says."""
    if scalar.startswith('"'):
        try:
            return str(json.loads(scalar))
        except ValueError:
            return scalar.strip('"')
    return scalar.strip("'").replace("''", "'") if scalar.startswith("'") else scalar


def may_take_slug(session: Session, who: Viewer, slug: str, *, draft_id: int | None = None) -> bool:
    """Whether this draft may publish under ``slug``: nobody else's course bears it, or the viewer may publish any course."""
    course_id = course_id_of(session, slug)
    if course_id is None or who.can("core.publish", course=course_id):
        return True
    return draft_id is not None and session.scalar(select(Release.id).where(Release.draft_id == draft_id).limit(1)) is not None


def create(
    session: Session,
    who: Viewer,
    *,
    slug: str,
    title: str,
    texts: Mapping[str, str],
    blobs: Mapping[str, bytes],
    act: str,
    own: bool = False,
) -> Draft:
    """A new draft with these files, owned by the viewer. Raises ``Refused`` where the address is taken or the files are too many.

    ``own``: the published course of that address, if there is one, is known to be the viewer's.
    """
    if not SLUG.fullmatch(slug) or len(slug) > 80 or slug in TAKEN:
        raise Refused("slug", "Alamat pelatihan hanya boleh huruf kecil, angka, dan tanda hubung.")
    if len(texts) + len(blobs) > MOST_FILES:
        raise Refused("files", "Pelatihan ini memuat lebih dari {most} berkas.", most=MOST_FILES)
    if not own and not may_take_slug(session, who, slug):
        raise Refused("slug_taken", "Alamat “{slug}” sudah dipakai pelatihan lain. Pilih alamat lain.", slug=slug)
    title = title[:200] or slug
    values = {"slug": slug, "title": title, "created_by": who.id, "due_digest": "", "due_source": ""}
    if not insert_once(session, Draft, values=values, key=("slug",)):
        raise Refused("slug_taken", "Alamat “{slug}” sudah dipakai pelatihan lain. Pilih alamat lain.", slug=slug)
    draft = session.scalars(select(Draft).where(Draft.slug == slug)).one()
    session.add(Member(draft_id=draft.id, person_id=who.id, role="owner"))
    for path, text in sorted(texts.items()):
        add_text(session, draft, path, text, by=who.id, act=act)
    for path, data in sorted(blobs.items()):
        add_blob(session, draft, path, data, by=who.id, act=act)
    return draft


def add_text(session: Session, draft: Draft, path: str, text: str, *, by: int, act: str = "create") -> File:
    """A new file of text."""
    return _add(session, draft, File(draft_id=draft.id, path=path, revision=1, text=clean_text(text), changed_by=by), act)


def add_blob(session: Session, draft: Draft, path: str, data: bytes, *, by: int, act: str = "create") -> File:
    """A new file of bytes."""
    return _add(session, draft, File(draft_id=draft.id, path=path, revision=1, blob=keep_blob(session, data), changed_by=by), act)


def _add(session: Session, draft: Draft, file: File, act: str) -> File:
    session.add(file)
    session.flush()
    note_change(session, file, act=act)
    draft.changed_at = now()
    return file


def note_change(session: Session, file: File, *, act: str) -> None:
    """Keep the state the file is in now."""
    session.add(
        Change(
            draft_id=file.draft_id,
            file_id=file.id,
            revision=file.revision,
            path=file.path,
            text=file.text,
            blob=file.blob,
            act=act,
            by=file.changed_by,
        )
    )
    session.flush()


def clean_text(text: str) -> str:
    """A text as it is kept: lines ended by one character, no zero bytes, which PostgreSQL refuses."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if len(text) > LONGEST_TEXT:
        raise Refused("long", "Teks ini lebih dari {most} huruf. Pecah menjadi beberapa pelajaran.", most=LONGEST_TEXT)
    return text


def keep_blob(session: Session, data: bytes) -> str:
    """Keep the bytes once; answers their digest."""
    digest = hashlib.sha256(data).hexdigest()
    insert_once(session, Blob, values={"digest": digest, "size": len(data), "data": data}, key=("digest",))
    return digest


def opened(session: Session, who: Viewer, slug: str, *, lock: bool = False) -> Draft | None:
    """The draft, where the viewer is one of its writers or may open all; None else, as if it did not exist."""
    statement = select(Draft).where(Draft.slug == slug)
    draft = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if draft is None or who.can("studio.all"):
        return draft
    mine = session.scalar(select(Member.role).where(Member.draft_id == draft.id, Member.person_id == who.id))
    return draft if mine else None


def rows_of(session: Session, who: Viewer, *, everybody: bool) -> list[Row]:
    """The viewer's drafts, the latest first; with ``everybody``, all there are."""
    mine = (Member.draft_id == Draft.id) & (Member.person_id == who.id)
    lesson = File.path.like("%.md") & ~File.path.like("%\\_bagian.md", escape="\\")
    lessons = select(func.count()).where(File.draft_id == Draft.id, lesson).correlate(Draft).scalar_subquery()
    number = select(func.max(Release.number)).where(Release.draft_id == Draft.id).correlate(Draft).scalar_subquery()
    statement = (
        select(Draft, Member.role, lessons, number).join(Member, mine, isouter=everybody).order_by(Draft.changed_at.desc()).limit(200)
    )
    return [Row(draft, role or "", count, last) for draft, role, count, last in session.execute(statement)]


def delete_draft(session: Session, draft: Draft, *, who: Viewer, sure: bool) -> None:
    """Delete a draft that was never published, with all its files and their history. Raises ``Refused``."""
    role = session.scalar(select(Member.role).where(Member.draft_id == draft.id, Member.person_id == who.id))
    if role != "owner" and not who.can("studio.all"):
        raise Refused("not_owner", "Hanya pemilik naskah yang dapat menghapusnya.")
    if session.scalar(select(Release.id).where(Release.draft_id == draft.id).limit(1)) or draft.due_at is not None:
        raise Refused("was_published", "Naskah yang pernah terbit tidak dihapus. Tarik pelatihannya dari katalog di halaman Versi.")
    if session.scalar(select(Submission.id).where(Submission.draft_id == draft.id).limit(1)):
        raise Refused("was_submitted", "Naskah yang pernah diajukan tidak dihapus: keputusan dan alasannya disimpan.")
    if not sure:
        raise Refused("not_sure", "Centang dahulu bahwa Anda yakin.")
    mine = select(File.id).where(File.draft_id == draft.id)
    blobs = set(session.scalars(select(Change.blob).where(Change.draft_id == draft.id, Change.blob.isnot(None))))
    session.execute(delete(Presence).where(Presence.file_id.in_(mine)))
    for model in (Change, File, Member):
        session.execute(delete(model).where(model.draft_id == draft.id))
    session.execute(delete(Draft).where(Draft.id == draft.id))
    kept = set(session.scalars(select(Change.blob).where(Change.blob.in_(blobs))))
    session.execute(delete(Blob).where(Blob.digest.in_(blobs - kept)))
    note(session, "studio.delete", actor=who.id, subject=draft.slug)


def files_of(session: Session, draft: Draft) -> list[File]:
    """All files of a draft, by path."""
    return list(session.scalars(select(File).where(File.draft_id == draft.id).order_by(File.path)))


def file_at(session: Session, draft: Draft, path: str) -> File | None:
    """One file, or None."""
    return session.scalars(select(File).where(File.draft_id == draft.id, File.path == path)).one_or_none()


def names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """People's names by their ids."""
    wanted = {one for one in ids if one}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all()) if wanted else {}


def person_named(session: Session, login: str) -> int:
    """The id of who signs in with that NIP or mail address. Raises ``Refused`` where there is nobody."""
    login = login.strip().lower()
    digits = login.replace(" ", "").replace(".", "")
    wanted = select(Person.id).where(Person.active.is_(True), or_(Person.nip == digits, Person.email == login)).limit(1)
    person_id = session.scalar(wanted) if login else None
    if person_id is None:
        raise Refused("nobody", "Tidak ada orang dengan NIP atau surel itu di situs ini.")
    return person_id


def last_change(session: Session, draft: Draft) -> int:
    """The id of the latest change: what tells whether anybody changed the draft meanwhile."""
    return session.scalar(select(func.max(Change.id)).where(Change.draft_id == draft.id)) or 0


def touch(session: Session, draft: Draft) -> None:
    """The draft changed now."""
    session.execute(update(Draft).where(Draft.id == draft.id).values(changed_at=func.now()))


@contextmanager
def folder_of(session: Session, draft: Draft, *, instead: Mapping[str, str] | None = None, only: str = "") -> Iterator[Path]:
    """The draft as a course folder, gone at the end of the block. ``instead`` gives texts that are not saved yet; with ``only``,
    pictures that its text does not name are left out."""
    files = files_of(session, draft)
    texts = {file.path: file.text for file in files if file.text is not None} | dict(instead or {})
    wanted = [file for file in files if file.blob and (not only or file.path.rpartition("/")[2] in texts.get(only, ""))]
    data = dict(session.execute(select(Blob.digest, Blob.data).where(Blob.digest.in_({file.blob for file in wanted}))).all())
    with tempfile.TemporaryDirectory(prefix="elearn-studio-") as scratch:
        folder = Path(scratch) / draft.slug
        folder.mkdir()
        write_folder(folder, texts, {file.path: data[file.blob] for file in wanted if file.blob in data})
        yield folder


def write_folder(folder: Path, texts: Mapping[str, str], blobs: Mapping[str, bytes]) -> None:
    """Write the files below ``folder``."""
    for path, content in [*((path, text.encode()) for path, text in texts.items()), *blobs.items()]:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def source_of(session: Session, draft: Draft) -> bytes:
    """The draft's texts as a ZIP, the same bytes for the same texts; within it, the digests of its pictures by path."""
    out = io.BytesIO()
    files = files_of(session, draft)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            if file.text is not None:
                archive.writestr(zipfile.ZipInfo(file.path), file.text, zipfile.ZIP_DEFLATED)
        pictures = {file.path: file.blob for file in files if file.blob}
        archive.writestr(zipfile.ZipInfo(PICTURES), json.dumps(pictures, sort_keys=True), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_source(session: Session, digest: str) -> tuple[dict[str, str], dict[str, str]]:
    """(the texts, the digests of the pictures) by path, that ``source_of`` kept."""
    return unpack_source(session.scalar(select(Blob.data).where(Blob.digest == digest)) or b"")


def unpack_source(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """The same of a source at hand."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return texts, json.loads(texts.pop(PICTURES))
