"""Courses being written: drafts with their files, every state a file was in, and what was published of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key


class Draft(Base):
    """A course being written; ``slug`` is its address. ``due_…`` is a version kept in the store that goes on offer at ``due_at``.

    ``signed_by`` is the organisation whose key signed the pack it came from, true until the change ``signed_change``. A local version of
    another's module names that module's slug (``origin``) and the release it stands on."""

    __tablename__ = "studio_draft"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[int | None] = mapped_column(BigInt)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime | None]
    due_digest: Mapped[str] = mapped_column(String(64), default="")
    due_source: Mapped[str] = mapped_column(String(64), default="")
    due_by: Mapped[int | None] = mapped_column(BigInt)
    signed_by: Mapped[str | None] = mapped_column(String(200))
    signed_change: Mapped[int | None] = mapped_column(BigInt)
    origin: Mapped[str | None] = mapped_column(String(80))
    origin_release: Mapped[int | None] = mapped_column(BigInt)


class Member(Base):
    """Who may open a draft. ``role`` is "owner" or "editor"."""

    __tablename__ = "studio_member"

    draft_id: Mapped[int] = mapped_column(BigInt, ForeignKey("studio_draft.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInt, primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10), default="editor")


class File(Base):
    """A file of a draft as it is now: a ``text``, or the digest of a picture (``blob``). ``revision`` grows with every change."""

    __tablename__ = "studio_file"
    __table_args__ = (UniqueConstraint("draft_id", "path"),)

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(BigInt, ForeignKey("studio_draft.id"))
    path: Mapped[str] = mapped_column(String(300))
    revision: Mapped[int] = mapped_column(default=1)
    text: Mapped[str | None] = mapped_column(Text)
    blob: Mapped[str | None] = mapped_column(String(64))
    changed_by: Mapped[int | None] = mapped_column(BigInt)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Blob(Base):
    """Bytes by their SHA-256."""

    __tablename__ = "studio_blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Change(Base):
    """A state a file was in. ``act``: "create", "save", "auto", "move", "restore", "import" or "delete"."""

    __tablename__ = "studio_change"
    __table_args__ = (
        Index("ix_studio_change_file_id_revision", "file_id", "revision"),
        Index("ix_studio_change_draft_id_id", "draft_id", "id"),
    )

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(BigInt, ForeignKey("studio_draft.id"))
    file_id: Mapped[int] = mapped_column(BigInt)
    revision: Mapped[int]
    path: Mapped[str] = mapped_column(String(300))
    text: Mapped[str | None] = mapped_column(Text, deferred=True)
    blob: Mapped[str | None] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(10))
    by: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Release(Base):
    """A version published from a draft; ``source`` is the blob of its texts as a ZIP, with the digests of its pictures."""

    __tablename__ = "studio_release"
    __table_args__ = (Index("ix_studio_release_draft_id_id", "draft_id", "id"),)

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(BigInt, ForeignKey("studio_draft.id"))
    version_id: Mapped[int] = mapped_column(BigInt)
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(64))
    by: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Presence(Base):
    """Who had a file open in the editor, and when they were seen there last."""

    __tablename__ = "studio_presence"

    file_id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
