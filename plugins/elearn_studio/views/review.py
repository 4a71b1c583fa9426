"""The reviewer's side: the queue, one submission with all that changes, a word on a place, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import redirect, request, url_for
from sqlalchemy import select

from elearn import (
    ContentError,
    Course,
    Lesson,
    LessonView,
    Reading,
    Refused,
    check_course,
    draw_lesson,
    found,
    keep_version,
    limiter,
    needs,
    reading,
    render,
    versions_of,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_studio import drafts
from elearn_studio.contribution import flow
from elearn_studio.contribution.comparing import Paragraph, compare, lines_of, paragraphs_of
from elearn_studio.contribution.models import Comment, Step, Submission
from elearn_studio.merging import line_changes
from elearn_studio.models import Draft, Release
from elearn_studio.views.common import Answer, blueprint


@dataclass(frozen=True)
class LessonChange:
    """A lesson that came, went or changed: as it reads, and its questions with their answers. ``places`` are its pieces that one may
    speak to: (line of the file ``path``, first words)."""

    id: str
    title: str
    kind: str
    path: str
    text: list[Paragraph] = field(default_factory=list)
    keys: list[Paragraph] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)


@blueprint.get("/tinjauan")
@needs("studio.review")
def queue() -> str:
    """What waits, the oldest first; then what was decided last."""
    session = reading()
    statement = select(Submission, Draft).join(Draft, Draft.id == Submission.draft_id)
    waiting = session.execute(statement.where(Submission.state == "submitted").order_by(Submission.at).limit(200)).all()
    decided = session.execute(statement.where(Submission.state != "submitted").order_by(Submission.id.desc()).limit(30)).all()
    names = drafts.names(session, [row.by for row, _draft in [*waiting, *decided]])
    return render("studio/queue.html", waiting=waiting, decided=decided, names=names)


def opened(submission_id: int) -> tuple[Submission, Draft]:
    """The submission and its draft, or the 404 page."""
    session = reading()
    row = found(session.get(Submission, submission_id))
    return row, session.get_one(Draft, row.draft_id)


def before(draft: Draft, submission: Submission) -> Release | None:
    """What was published last before this submission."""
    statement = select(Release).where(Release.draft_id == draft.id, Release.at <= submission.at).order_by(Release.id.desc()).limit(1)
    return reading().scalars(statement).one_or_none()


def read_source(source: str, slug: str) -> Reading:
    """A kept source, read as when it is published."""
    with flow.folder_of(reading(), source, slug) as folder:
        return check_course(reading(), folder)


def _drawn(course: Course, lesson: Lesson, *, keys: bool) -> list[str]:
    """The lesson's paragraphs: its text, or with ``keys`` its questions with their answers."""
    view = LessonView(course=course, lesson=lesson, standing=None, viewer=viewer(), session=reading(), keys=keys)
    parts = zip(draw_lesson(view), lesson.parts, strict=True)
    return paragraphs_of(part for part, raw in parts if isinstance(raw, str) is not keys)


def _lessons(old: Course | None, new: Course, texts: Mapping[str, str]) -> list[LessonChange]:
    earlier = {lesson.id: lesson for lesson in old.lessons()} if old else {}
    after = {lesson.id: lesson for lesson in new.lessons()}
    changed = []
    for lesson in [*after.values(), *(lesson for id_, lesson in earlier.items() if id_ not in after)]:
        was, will = earlier.get(lesson.id), after.get(lesson.id)
        if was == will:
            continue
        asks = bool((was and was.blocks) or (will and will.blocks))
        source = texts.get(will.file, "") if will else ""
        compared = []
        places: dict[int, str] = {}
        for with_keys in (False, True):
            mine = _drawn(new, will, keys=with_keys) if will else []
            lines = lines_of(mine, source)
            places |= {line: words[:70] for line, words in zip(lines, mine, strict=True) if line and line not in places}
            compared.append(compare(_drawn(old, was, keys=with_keys) if old and was else [], mine, lines=lines))
        changed.append(
            LessonChange(
                id=lesson.id,
                title=lesson.title,
                kind="changed" if was and will else "added" if will else "removed",
                path=will.file if will else "",
                text=compared[0],
                keys=[one for one in compared[1] if asks],
                places=sorted(places.items()),
            )
        )
    return changed


def _promises(old: Course | None, new: Course) -> list[tuple[str, str, str]]:
    """What the course promises, where it changes: (what, before, after)."""

    def said(course: Course | None) -> dict[str, str]:
        if course is None:
            return {}
        return {
            _("JP"): str(course.hours),
            _("Nilai lulus"): f"{course.pass_mark:.0%}",
            _("Kompetensi"): ", ".join(f"{aim.code} {aim.level}" for aim in course.competencies),
            _("Tujuan"): "; ".join(course.objectives),
            _("Lisensi"): course.licence,
            _("Penulis"): ", ".join(" · ".join(filter(None, (one.name, one.organisation, one.orcid))) for one in course.authors),
            _("Dasar hukum"): "; ".join(basis.regulation for basis in course.legal_basis),
        }

    was, will = said(old), said(new)
    return [(name, was.get(name, ""), value) for name, value in will.items() if was.get(name, "") != value]


def _page(submission_id: int, *, error: str = "", reason: str = "") -> str:
    session = reading()
    row, draft = opened(submission_id)
    release = before(draft, row)
    fault = ""
    lessons: list[LessonChange] = []
    promises: list[tuple[str, str, str]] = []
    texts = drafts.read_source(session, row.source)[0]
    try:
        new = read_source(row.source, draft.slug).course
        old = read_source(release.source, draft.slug).course if release else None
        lessons, promises = _lessons(old, new, texts), _promises(old, new)
    except ContentError as problem:
        fault = " ".join(one.text(_) for one in problem.problems)
    published = drafts.read_source(session, release.source)[0] if release else {}
    files = [(path, line_changes(published.get(path, ""), texts.get(path, ""))) for path in sorted(texts.keys() | published.keys())]
    steps = list(session.scalars(select(Step).where(Step.submission_id == row.id).order_by(Step.id)))
    comments = list(
        session.scalars(select(Comment).where(Comment.submission_id == row.id).order_by(Comment.path, Comment.line, Comment.id))
    )
    return render(
        "studio/review.html",
        row=row,
        draft=draft,
        release=release,
        lessons=lessons,
        promises=promises,
        files=[(path, lines) for path, lines in files if lines],
        others=sorted(texts.keys() - {lesson.path for lesson in lessons}),
        steps=steps,
        comments=comments,
        names=drafts.names(session, [row.by, *(step.by for step in steps), *(one.by for one in comments)]),
        learning=sum(version.active for version in versions_of(session, draft.slug)),
        fault=fault,
        error=error,
        reason=reason,
    )


@blueprint.get("/tinjauan/<int:submission_id>")
@needs("studio.review")
def review(submission_id: int) -> str:
    """All that the submission would change."""
    return _page(submission_id)


@blueprint.post("/tinjauan/<int:submission_id>")
@needs("studio.review")
@limiter.limit("120/hour")
def decide(submission_id: int) -> Answer:
    """Accept (which publishes exactly this), ask for changes, or refuse."""
    row, draft = opened(submission_id)
    act, reason, who = request.form.get("keputusan", ""), request.form.get("alasan", ""), viewer()
    try:
        if row.by == who.id:
            raise Refused("own", "Naskah sendiri ditinjau oleh orang lain.")
        if act in ("ask", "refuse"):
            with writing() as session:
                flow.move(session, submission_id, act, by=who.id, reason=reason)
        elif act == "accept":
            with flow.folder_of(reading(), row.source, draft.slug) as folder:
                digest = keep_version(reading(), check_course(reading(), folder))
            with writing(wait=1.0) as session:
                flow.accept(session, submission_id, digest, who=who, reason=reason)
        else:
            raise Refused("no_decision", "Pilih keputusannya.")
    except ContentError:
        return _page(submission_id, error=_("Naskah ini tidak lolos pemeriksaan, jadi tidak dapat diterbitkan."), reason=reason), 409
    except Refused as refused:
        return _page(submission_id, error=refused.text(_), reason=reason), 409
    return redirect(url_for(".review", submission_id=submission_id))


@blueprint.post("/tinjauan/<int:submission_id>/komentar")
@needs("studio.review")
@limiter.limit("300/hour")
def say(submission_id: int) -> Answer:
    """A word on a file, or a line of it."""
    opened(submission_id)
    form = request.form
    try:
        with writing() as session:
            row = session.get_one(Submission, submission_id)
            flow.comment(
                session,
                row,
                path=form.get("berkas", ""),
                line=form.get("baris", 0, type=int),
                text=form.get("komentar", ""),
                by=viewer().id,
            )
    except Refused as refused:
        return _page(submission_id, error=refused.text(_)), 409
    return redirect(url_for(".review", submission_id=submission_id, _anchor=form.get("kembali", "komentar")[:40]))
