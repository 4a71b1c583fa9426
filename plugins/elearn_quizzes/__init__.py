"""Quizzes: questions in Markdown ("Soal"), attempts kept by the server, marks that can be explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from elearn import About, Block, BlockSource, Citation, DemoLesson, Parsed, Permission, Personal, Plugin, Setting, site_of
from elearn_quizzes import attempts, invented, uploads
from elearn_quizzes.acts import ACTS
from elearn_quizzes.analysis import exchange_pages
from elearn_quizzes.analysis import hooks as analysis
from elearn_quizzes.analysis.models import FaultReport, Tally
from elearn_quizzes.banks import with_banks
from elearn_quizzes.checking import check
from elearn_quizzes.command_line import check as check_command
from elearn_quizzes.command_line import convert as convert_command
from elearn_quizzes.command_line import tidy as tidy_command
from elearn_quizzes.exchange import shelf
from elearn_quizzes.gate import gate
from elearn_quizzes.grades import regrade
from elearn_quizzes.grades.due import hand_in_due
from elearn_quizzes.grades.events import AttemptDue, AttemptMarked, QuizRegraded
from elearn_quizzes.grades.models import Allowance, AttemptChange, Correction, GradeEntry
from elearn_quizzes.grades.telling import mail_marked, mail_regraded, nav
from elearn_quizzes.lesson_part import render_block
from elearn_quizzes.models import AnswerFile, Attempt, AttemptAnswer, SelfCheck
from elearn_quizzes.publishing import publish
from elearn_quizzes.questions import Question
from elearn_quizzes.rewriting import tidy_body
from elearn_quizzes.strays import strays
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.views import blueprint

HERE = Path(__file__).parent


def parse(source: BlockSource) -> Parsed:
    """The questions of a lesson or a quiz file, with all their faults."""
    quiz, problems = read_quiz(source.body, line=source.line, meta=source.meta if source.whole_file else None)
    quiz, of_banks = with_banks(quiz, source.read)
    found = [*problems, *of_banks, *check(quiz, line=source.line, whole=source.whole_file)]
    faults = tuple(problem.at(file=problem.file or source.file) for problem in found)
    if any(problem.severity == "error" for problem in faults):
        for question in quiz.questions():
            _look_through(question, source)
        return Parsed(data=None, problems=faults)
    cited = tuple(
        Citation(regulation=name, place=" ".join(question.stem.split())[:160])
        for question in quiz.questions()
        for name in question.legal_basis
    )
    kept = publish(quiz, source)
    return Parsed(data=kept.to_json(), problems=faults, legal_basis=cited, minutes=kept.minutes)


def _look_through(question: Question, source: BlockSource) -> None:
    """Have the texts of a question that cannot be published drawn, so that faults of links and pictures in it are told with the rest."""
    texts = [(question.stem, question.stem_line), (question.explanation, question.explanation_line)]
    for text, line in [*texts, *((option.text, option.line) for option in question.options)]:
        if text:
            source.markdown(text, line=line, file=question.file)


def export(about: About) -> Any:
    """The person's attempts with their answers and marks, and what they tried within lessons."""
    session = about.session
    sat = session.scalars(select(Attempt).where(Attempt.person_id == about.person_id).order_by(Attempt.id))
    checks = session.scalars(select(SelfCheck).where(SelfCheck.person_id == about.person_id))
    return {
        "attempts": [
            {
                "lesson": one.lesson_id,
                "number": one.number,
                "started_at": one.started_at.isoformat(),
                "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
                "score": one.score,
                "passed": one.passed,
                "answers": attempts.answers_of(session, one.id),
            }
            for one in sat
        ],
        "self_checks": [{"lesson": one.lesson_id, "item": one.item_id, "answer": one.answer} for one in checks],
        "reports": analysis.export(about),
    }


def erase(about: About) -> None:
    """What was tried within lessons, the wording of answers, and files go; attempts and marks stay, for certificates rest on them."""
    mine = select(Attempt.id).where(Attempt.person_id == about.person_id)
    about.session.execute(delete(SelfCheck).where(SelfCheck.person_id == about.person_id))
    uploads.forget(about.session, about.person_id)
    shelf.forget(site_of(about.session).settings.data / exchange_pages.SHELF, about.person_id)
    analysis.erase(about)
    about.session.execute(delete(AttemptAnswer).where(AttemptAnswer.attempt_id.in_(mine)))
    for one in about.session.scalars(select(Attempt).where(Attempt.person_id == about.person_id)):
        one.marks = [{**mark, "answer": None} for mark in one.marks or ()]


def demo(subject: DemoLesson) -> None:
    """An invented learner sits the quiz, if the lesson is one."""
    session, standing, lesson = subject.session, subject.standing, subject.lesson
    if attempts.quiz_in(session, standing.digest, lesson.id) is None:
        return
    attempt_id = attempts.start(session, standing, lesson.id)
    one = attempts.sitting(session, attempt_id, standing.person_id)
    items = one.items if one else []
    wrong = {item.id for item in items[round(len(items) * subject.skill) :]}
    for item in items:
        attempts.save(session, attempt_id, standing.person_id, item.id, invented.answer(item, right=item.id not in wrong))
    attempts.submit(session, attempt_id, standing.person_id, standing)


plugin = Plugin(
    name="quizzes",
    title="Kuis",
    summary="Soal dalam Markdown, percobaan yang disimpan server, nilai yang dapat dijelaskan.",
    blueprint=blueprint,
    mount="/kuis",
    models=(Attempt, AttemptAnswer, AnswerFile, SelfCheck, AttemptChange, GradeEntry, Allowance, Correction, Tally, FaultReport),
    migrations=HERE / "migrations",
    blocks=(
        Block(
            kind="quiz",
            parse=parse,
            render=render_block,
            headings=("Soal", "Question", "Kelompok", "Group"),
            lesson_kinds=("kuis", "quiz"),
            tidy=tidy_body,
        ),
    ),
    lint=(strays,),
    gates=(gate,),
    nav=lambda viewer: (*nav(viewer), *analysis.nav(viewer)),
    figures=analysis.hardest,
    events=(AttemptDue, AttemptMarked, QuizRegraded),
    subscribers={AttemptDue: (hand_in_due,), AttemptMarked: (mail_marked,), QuizRegraded: (mail_regraded,)},
    acts=ACTS,
    permissions=(
        Permission(name="quizzes.grade", title="Menilai jawaban", roles=("author", "administrator")),
        analysis.PERMISSION,
    ),
    jobs=(regrade.KIND,),
    commands=(check_command, convert_command, tidy_command),
    settings=(
        analysis.SETTING,
        Setting(
            name="grace",
            default=10,
            type=int,
            help="Minutes after the end of time in which answers that waited for a line are kept, to be decided on.",
        ),
        Setting(
            name="marking_days",
            default=7,
            type=int,
            help="Days within which essays and files are to be marked; learners are told the date, graders see it in their queue.",
        ),
    ),
    personal=Personal(export=export, erase=erase),
    demo=demo,
    translations=HERE / "translations",
)
