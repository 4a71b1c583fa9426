"""Questions to and from other systems, in the browser: a published quiz to take along, a file of another system as Markdown for a course.

The readers and writers are loaded when somebody needs them: no start and no worker does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from elearn import Refused, found, lazy_gettext, limiter, needs, reading, render, site_of, viewer
from elearn import gettext as _
from elearn_quizzes.analysis.pages import PERMISSION, offered_course
from elearn_quizzes.attempts import quiz_in
from elearn_quizzes.exchange import shelf
from elearn_quizzes.views import blueprint

if TYPE_CHECKING:
    from elearn_quizzes.exchange.bundle import Remark

Answer = str | tuple[Any, int] | Response
LARGEST = 5_000_000  # bytes: some 5,000 questions; the command takes larger ones
SHOWN = 400_000
SHELF = "exchange"
CHOICES = {
    ".md": lazy_gettext("Markdown, untuk pelajaran di sini"),
    ".moodle.xml": lazy_gettext("Moodle XML, dengan gambar"),
    ".gift": lazy_gettext("GIFT, teks Moodle"),
    ".aiken.txt": lazy_gettext("Aiken, pilihan ganda saja"),
    ".qti.zip": lazy_gettext("QTI 2.1"),
    ".qti3.zip": lazy_gettext("QTI 3.0"),
    ".csv": lazy_gettext("Tabel CSV"),
    ".json": lazy_gettext("JSON, tanpa kehilangan apa pun"),
}


def _ending(wanted: str) -> str:
    """The format that a form asks for, by its ending. Raises ``Refused`` for one that there is not."""
    if wanted not in CHOICES:
        raise Refused("format", "Pilih bentuk berkasnya.")
    return wanted


# -- out of a course -----------------------------------------------------------------------------------------------------


@blueprint.get("/bank/<slug>/ekspor/<lesson_id>")
@needs(PERMISSION)
def export(slug: str, lesson_id: str) -> Answer:
    """What of a published quiz another system can hold; with ``unduh`` the file itself."""
    from elearn_quizzes.exchange.taking import bundle_of, packed

    offered, session = offered_course(slug), reading()
    quiz = found(quiz_in(session, offered.digest, lesson_id))
    store = site_of(session).store

    def picture(name: str) -> bytes | None:
        path = store.media_path(name)
        return path.read_bytes() if path.is_file() else None

    bundle = bundle_of(quiz, picture=picture)
    ending, file = request.args.get("bentuk", ""), ""
    remarks: list[Remark] = []
    if bundle is not None and ending:
        file, data, remarks = packed(bundle, _ending(ending), name=lesson_id)
        if request.args.get("unduh"):
            return _download(file, data)
    lesson = offered.course.lesson(lesson_id)
    return render(
        "quizzes/analysis/export.html",
        course=offered.course,
        lesson_id=lesson_id,
        title=lesson.title if lesson else lesson_id,
        kept=bundle is not None,
        count=sum(1 for _question in bundle.quiz.questions()) if bundle else 0,
        choices=CHOICES,
        ending=ending,
        file=file,
        remarks=remarks,
        left_out=sum(remark.whole for remark in remarks),
    )


def _download(file: str, data: bytes) -> Response:
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=file)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


# -- into one ------------------------------------------------------------------------------------------------------------


@blueprint.get("/bank/tukar")
@needs(PERMISSION)
def exchange() -> Answer:
    """Turn a file of questions into another format."""
    return _page()


def _page(*, error: str = "", **more: Any) -> str:
    return render("quizzes/analysis/exchange.html", choices=CHOICES, ending=request.form.get("bentuk", ".md"), error=error, **more)


@blueprint.post("/bank/tukar")
@needs(PERMISSION)
@limiter.limit("60/hour")
def exchanged() -> Answer:
    """What came of a file: how many questions, what did not come along and why, and the result to take."""
    from elearn import said
    from elearn_quizzes.exchange.bundle import BadFile
    from elearn_quizzes.exchange.formats import read_bytes
    from elearn_quizzes.exchange.taking import packed

    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        return _page(error=_("Pilih berkas soalnya.")), 422
    with sent.stream as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return _page(error=_("Berkas lebih besar dari 5 MB. Bagi menjadi beberapa berkas.")), 422
    try:
        ending = _ending(request.form.get("bentuk", ""))
        bundle = read_bytes(sent.filename, data)
        before = sum(1 for _question in bundle.quiz.questions())
        if not before and not any(remark.whole for remark in bundle.remarks):
            raise BadFile(said("Tidak ada soal di berkas ini."))
        file, result, lost = packed(bundle, ending, name=_name(sent.filename))
    except BadFile as error:
        return _page(error=error.text(_)), 422
    except Refused as refused:
        return _page(error=refused.text(_)), 422
    remarks: list[Remark] = [*bundle.remarks, *lost]
    text = result.decode() if ending in (".md", ".gift", ".aiken.txt") and not file.endswith(".zip") else ""
    return _page(
        done=True,
        count=before - sum(remark.whole for remark in lost),
        remarks=remarks,
        left_out=sum(remark.whole for remark in remarks),
        file=file,
        token=shelf.put(_shelf(), viewer().id, file=file, data=result),
        text=text[:SHOWN],
        pictures=len(bundle.files),
    )


def _name(file: str) -> str:
    """A plain name for the result."""
    stem = file.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in stem).strip("-").lower()[:60] or "soal"


def _shelf() -> Path:
    return site_of(reading()).settings.data / SHELF


@blueprint.get("/bank/tukar/<token>")
@needs(PERMISSION)
def fetch(token: str) -> Answer:
    """The result of an exchange, for whoever made it."""
    kept = shelf.get(_shelf(), viewer().id, token)
    if kept is None:
        return redirect(url_for(".exchange"))
    path, file = kept
    answer = send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=file, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
