"""What learners did: attempts with the answers as they came, and what they tried for themselves within lessons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key


class Attempt(Base):
    """One sitting of one quiz. ``state``: see ``grades.states``; an attempt is never opened again.

    ``digest`` names the version whose questions were asked, ``drawn`` which of them in which order (see ``drawing``), ``seconds`` the
    time given (0: any), ``closes_at`` when the quiz closes for this person (None: never), ``hints`` the questions whose costly hint was opened. ``score`` (0 to 1), ``passed`` and ``marks`` are written
    at submission; ``score`` and ``passed`` are None while a mark needs a human (see ``human``).
    """

    __tablename__ = "quizzes_attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id", "number"),
        Index(
            "uq_quizzes_attempt_open",
            "enrolment_id",
            "lesson_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("state IN ('open', 'submitted', 'graded', 'reviewed', 'void')", name="state"),
        Index("ix_quizzes_attempt_course_lesson", "course_id", "lesson_id", "state"),
        Index("ix_quizzes_attempt_digest_lesson", "digest", "lesson_id"),
        Index("ix_quizzes_attempt_counting", "lesson_id", "digest", "number", "submitted_at", "state", "score"),
    )

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(BigInt)
    person_id: Mapped[int] = mapped_column(BigInt, index=True)
    lesson_id: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    seed: Mapped[int] = mapped_column(BigInt)
    drawn: Mapped[list[Any]] = mapped_column(JSON)
    seconds: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="open")
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    submitted_at: Mapped[datetime | None]
    score: Mapped[float | None]
    passed: Mapped[bool | None]
    marks: Mapped[list[Any] | None] = mapped_column(JSON)
    hints: Mapped[list[Any] | None] = mapped_column(JSON)
    closes_at: Mapped[datetime | None]
    course_id: Mapped[int | None] = mapped_column(BigInt)


class AnswerFile(Base):
    """A file handed in as an answer. The file itself lies in the data folder under its ``digest`` (see ``uploads``); rows are added,
    never changed, so that each answer ever saved still has its file."""

    __tablename__ = "quizzes_file"

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(BigInt, index=True)
    item_id: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(BigInt, index=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    type: Mapped[str] = mapped_column(String(20))
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AttemptAnswer(Base):
    """An answer as it was saved. Rows are added, never changed: the one with the highest ``seq`` (milliseconds at which the learner
    gave it) holds; the same one sent again finds its place taken. A ``late`` one came after time was up: it is kept, and counts only if
    a trainer takes it in. ``device`` is the sign-in it came from (0: unknown); one ``aside`` met an answer that another device had saved
    since its own page was opened: both are kept, and the learner says which holds (see ``devices``)."""

    __tablename__ = "quizzes_answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item_id", "seq"),
        Index("ix_quizzes_answer_late", "attempt_id", sqlite_where=text("late"), postgresql_where=text("late")),
    )

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(BigInt)
    item_id: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInt)
    answer: Mapped[Any] = mapped_column(JSON, nullable=False)
    late: Mapped[bool] = mapped_column(default=False, server_default=false())
    device: Mapped[int] = mapped_column(BigInt, default=0, server_default="0")
    aside: Mapped[bool] = mapped_column(default=False, server_default=false())
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SelfCheck(Base):
    """The latest answer to a question within a lesson. It counts for nothing, and may be forgotten."""

    __tablename__ = "quizzes_check"

    enrolment_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInt, index=True)
    answer: Mapped[Any] = mapped_column(JSON, nullable=False)
    share: Mapped[float]
