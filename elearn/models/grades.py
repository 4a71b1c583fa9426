"""The best mark of each activity within an enrolment: what the course's own rule looks at. The plugins keep the whole history."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.models.base import Base, BigInt


class ActivityMark(Base):
    """``score`` is a share from 0 to 1; ``final`` marks the test that the course's pass mark is about."""

    __tablename__ = "activity_mark"

    enrolment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("enrolment.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    activity: Mapped[str] = mapped_column(String(80), primary_key=True)
    score: Mapped[float]
    passed: Mapped[bool]
    final: Mapped[bool] = mapped_column(default=False)
