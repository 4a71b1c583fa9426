"""A plugin that misbehaves costs nobody a page, a lesson or an event: each way of misbehaving, one by one."""

import sys
from datetime import date
from decimal import Decimal

import pytest
from markupsafe import Markup
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from elearn import Card, JobKind, NavEntry, Refused, finish_lesson, hours_basis_of, proofs_of, start_job
from elearn.content.values import Lesson, Placed, Section
from elearn.erasure import erase
from elearn.guard import guarded
from elearn.models.learning import Delivery
from elearn.models.people import Person
from elearn.plugin import SLOTS
from elearn.services import learning
from tests.contract import sampel


def raises(subject, *more):
    raise RuntimeError("meledak")


def exits(subject, *more):
    sys.exit(3)


def recurses(subject, *more):
    return recurses(subject, *more)


def breaks_the_session(subject, *more):
    session = getattr(subject, "session", subject)
    session.execute(text("INSERT INTO sampel_note (person_id, text) VALUES (1, 'sama'), (1, 'sama')"))


def swallows_a_broken_flush(subject, *more):
    session = getattr(subject, "session", subject)
    session.add(sampel.SampelNote(person_id=1, text=None))
    try:
        session.flush()
    except Exception:
        return


def leaves_a_broken_row(subject, *more):
    session = getattr(subject, "session", subject)
    session.add(sampel.SampelNote(person_id=1, text=None))


def commits(subject, *more):
    session = getattr(subject, "session", subject)
    session.commit()


def rolls_back(subject, *more):
    session = getattr(subject, "session", subject)
    session.rollback()


def closes(subject, *more):
    session = getattr(subject, "session", subject)
    session.close()


def takes_the_connection(subject, *more):
    session = getattr(subject, "session", subject)
    session.connection().exec_driver_sql("COMMIT")


def swallows_a_failed_read(subject, *more):
    """PostgreSQL answers nothing more in that transaction."""
    session = getattr(subject, "session", subject)
    try:
        session.execute(text("SELECT * FROM no_such_table")).all()
    except DBAPIError:
        return


def answers_nonsense(subject, *more):
    return Decimal("NaN")


def asks_for_a_missing_table(subject, *more):
    session = getattr(subject, "session", subject)
    session.execute(text("SELECT * FROM no_such_table")).all()


MISDEEDS = (
    raises, exits, recurses, breaks_the_session, swallows_a_broken_flush, leaves_a_broken_row, commits, rolls_back, closes,
    takes_the_connection, answers_nonsense, asks_for_a_missing_table,
)  # fmt: skip
FAIL = [deed for deed in MISDEEDS if deed is not answers_nonsense]


@pytest.fixture(params=["sqlite", "postgresql"])
def build(request, make_app, sample, make_course, publish_course, sign_in):
    """An application whose sample plugin misbehaves in the fields named; a learner enrolled; their client."""

    def make(**fields):
        app = make_app(sample(**fields), database="postgresql" if request.param == "postgresql" else "", strict=False)
        block = Placed(kind="sampel", id="s1", data={"html": "isi"})
        lessons = (
            Lesson(id="satu", title="Satu", parts=("<p>Isi satu.</p>", 0, "<p>Sesudah.</p>"), blocks=(block,)),
            Lesson(id="dua", title="Dua", parts=("<p>Isi dua.</p>",)),
        )
        publish_course(app, make_course("etika", sections=(Section(id="m", title="Modul", lessons=lessons),)))
        client = sign_in(app)
        client.post("/pelatihan/etika/daftar")
        return app, client

    return make


def everywhere(deed):
    block = sampel.Block(kind="sampel", parse=sampel.parse, render=deed, headings=("Sampel",))
    return {
        "nav": deed,
        "cards": (deed,),
        "slots": dict.fromkeys(SLOTS, deed),
        "blocks": (block,),
    }


@pytest.mark.parametrize("deed", [*MISDEEDS, swallows_a_failed_read], ids=lambda deed: deed.__name__)
def test_no_page_is_lost(build, deed):
    _app, client = build(**everywhere(deed))
    for address, words in (
        ("/", "Etika"),
        ("/pelatihan", "Etika"),
        ("/pelatihan/etika", "Modul"),
        ("/belajar/etika/satu", "Sesudah."),
        ("/akun", "Sari Wahyuni"),
        ("/bantuan", ""),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert words in answer.text


@pytest.mark.parametrize("deed", MISDEEDS, ids=lambda deed: deed.__name__)
def test_no_lesson_is_lost_and_no_course_is_completed_unearned(build, deed):
    app, client = build(gates=(deed,))
    client.post("/belajar/etika/satu/selesai")
    client.post("/belajar/etika/dua/selesai")
    with app.extensions["elearn"].outbox.open_session() as session:
        standing = learning.standing_in(session, client.person_id, "etika")
    if deed is answers_nonsense:  # a reason is a reason, whatever it looks like
        assert standing.done == frozenset()
        return
    assert standing.done == {"satu", "dua"}
    assert standing.state == ("active" if deed in FAIL else "completed")


def test_a_gate_that_failed_is_asked_again_until_it_answers(build):
    healthy = []

    def heals(completing):
        return None if healthy else raises(completing)

    app, client = build(gates=(heals,))
    outbox = app.extensions["elearn"].outbox

    def state():
        with outbox.open_session() as session:
            return learning.standing_in(session, client.person_id, "etika").state

    for lesson in ("satu", "dua"):
        client.post(f"/belajar/etika/{lesson}/selesai")
    for _ in range(3):
        outbox.deliver_due()
        with outbox.open_session() as session:
            (held,) = session.scalars(select(Delivery).where(Delivery.subscriber.like("core:complete_held:%")))
            assert held.state == "waiting"
            assert "gate" in held.error
            held.due_at = held.due_at.replace(year=2020)
            session.commit()
        assert state() == "active"
    healthy.append(True)
    outbox.deliver_due()
    assert state() == "completed"


@pytest.mark.parametrize("deed", FAIL, ids=lambda deed: deed.__name__)
def test_no_event_is_lost(build, deed):
    healthy = []

    def heals(session, event):
        if healthy:
            return sampel.note(session, event.person_id, "akhirnya")
        return deed(session, event)

    app, client = build(subscribers={sampel.CourseCompleted: (heals, sampel.on_completed)}, gates=())
    for lesson in ("satu", "dua"):
        client.post(f"/belajar/etika/{lesson}/selesai")
    outbox = app.extensions["elearn"].outbox
    outbox.deliver_due()
    with outbox.open_session() as session:
        waiting = session.scalars(select(Delivery).where(Delivery.state == "waiting")).all()
        assert len(waiting) == 1
        assert waiting[0].error
        assert sampel.notes(session, client.person_id) == ["tamat etika"]
        waiting[0].due_at = waiting[0].due_at.replace(year=2020)
        session.commit()
    healthy.append(True)
    outbox.deliver_due()
    with outbox.open_session() as session:
        assert sampel.notes(session, client.person_id) == ["akhirnya", "tamat etika"]
        assert session.scalar(select(Delivery.id).where(Delivery.state == "waiting")) is None


def test_what_a_failing_function_wrote_is_undone_and_the_rest_is_kept(build):
    def half(completing):
        sampel.note(completing.session, completing.standing.person_id, "separuh")
        completing.session.flush()
        raise RuntimeError("sesudah menulis")

    app, client = build(gates=(half,))
    client.post("/belajar/etika/satu/selesai")
    with app.extensions["elearn"].outbox.open_session() as session:
        assert sampel.notes(session, client.person_id) == []
        assert learning.standing_in(session, client.person_id, "etika").done == {"satu"}


def test_a_plugin_that_fails_shows_in_its_health(build):
    _app, client = build(nav=raises)
    client.get("/")
    assert client.get("/healthz").json["plugin_failures"]["sampel"] >= 1


def test_a_failing_personal_export_leaves_the_rest_of_ones_data(build):
    _app, client = build(personal=sampel.Personal(export=raises, erase=raises))
    data = client.get("/akun/data.json").json
    assert data["person"]["name"] == "Sari Wahyuni"
    assert data["sampel"] is None


def test_what_no_file_can_hold_leaves_the_rest_of_ones_data_too(build):
    _app, client = build(personal=sampel.Personal(export=lambda about: {("a", "b"): 1}, erase=raises))
    data = client.get("/akun/data.json").json
    assert data["person"]["name"] == "Sari Wahyuni"
    assert data["sampel"] is None


def test_a_way_in_that_leads_nowhere_is_left_out_on_every_page(build):
    _app, client = build(nav=lambda viewer: [NavEntry(title="Ke tetangga", endpoint="tetangga.index")])
    page = client.get("/")
    assert page.status_code == 200
    assert "Ke tetangga" not in page.text
    assert client.get("/healthz").json["plugin_failures"]["sampel"] >= 1


def test_a_plugin_that_fails_to_erase_is_named_and_nothing_is_erased(build):
    app, client = build(personal=sampel.Personal(export=sampel.export, erase=raises))
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        with pytest.raises(Refused) as caught:
            erase(session, state.registry, session.get_one(Person, client.person_id), by=None)
        assert "sampel" in str(caught.value.values)
        session.rollback()
    assert client.get("/akun").status_code == 200


def test_a_block_without_its_plugin_says_so_and_the_lesson_stays(make_app, make_course, publish_course, sign_in):
    app = make_app()
    lesson = Lesson(id="satu", title="Satu", parts=("<p>Isi.</p>", 0), blocks=(Placed(kind="hilang", id="h", data={}),))
    publish_course(app, make_course("etika", sections=(Section(id="m", title="Modul", lessons=(lesson,)),)))
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    page = client.get("/belajar/etika/satu")
    assert page.status_code == 200
    assert "Isi." in page.text
    assert "Bagian ini" in page.text


@pytest.mark.parametrize("deed", MISDEEDS, ids=lambda deed: deed.__name__)
def test_a_basis_of_hours_that_fails_is_left_out(build, deed):
    app, _client = build(hours_basis=lambda session, day: deed(session))
    with app.extensions["elearn"].outbox.open_session() as session:
        assert hours_basis_of(session, date(2026, 5, 4)) == ""


@pytest.mark.parametrize("deed", MISDEEDS, ids=lambda deed: deed.__name__)
def test_proofs_that_fail_are_left_out(build, deed):
    app, _client = build(proofs=lambda session, enrolment_ids: deed(session))
    with app.extensions["elearn"].outbox.open_session() as session:
        assert proofs_of(session, [1, 2]) == {}


@pytest.mark.parametrize("deed", [sampel.proofs, *MISDEEDS], ids=lambda deed: deed.__name__)
def test_a_plugin_may_ask_another_from_within_its_own_guard(build, deed):
    """What the asked one does wrong is undone, what the asking one wrote stays."""

    def reads(session, enrolment_ids):
        session.execute(text("SELECT 1"))
        return sampel.proofs(session, enrolment_ids) if deed is sampel.proofs else deed(session)

    def work(part):
        sampel.note(part.session, 7, "sebelum")
        found = proofs_of(part.session, [1, 9])
        sampel.note(part.session, 7, f"sesudah {sorted(found)}")

    app, _client = build(proofs=reads, jobs=(JobKind(name="sampel.catat", work=work),))
    with app.extensions["elearn"].outbox.open_session() as session:
        start_job(session, "sampel.catat", title="C", items=[("7", "")], by=None)
        session.commit()
    app.extensions["elearn"].outbox.deliver_due()
    with app.extensions["elearn"].outbox.open_session() as session:
        assert sampel.notes(session, 7) == ["sebelum", f"sesudah {[1] if deed is sampel.proofs else []}"]


def test_strict_mode_raises_where_a_plugin_fails(make_app, sample, sign_in):
    app = make_app(sample(cards=(raises,)))
    with pytest.raises(RuntimeError, match="meledak"):
        sign_in(app).get("/")


def test_a_gates_reason_is_raised_and_nothing_is_kept(build):
    app, client = build(gates=(lambda completing: "Belum.",))
    with app.extensions["elearn"].outbox.open_session() as session:
        standing = learning.standing_in(session, client.person_id, "etika")
        with pytest.raises(Refused, match="Belum"):
            finish_lesson(session, standing, "satu")
        session.rollback()
        assert learning.standing_in(session, client.person_id, "etika").done == frozenset()


def test_a_card_that_is_no_card_costs_only_itself(build):
    good = lambda viewer: Card(title="Kartu baik", body=Markup("<p>baik</p>"))  # noqa: E731
    _app, client = build(cards=(answers_nonsense, good))
    assert "Kartu baik" in client.get("/").text


def writes(text_):
    def note(session):
        session.add(sampel.SampelNote(person_id=1, text=text_))

    return note


@pytest.mark.parametrize("outer_fails", [False, True])
def test_a_function_may_call_a_service_that_calls_others(build, outer_fails):
    """Within a plugin's function another's is called: what fails inside is undone alone, what fails outside takes all of it along."""
    app, _client = build()

    def outer(session):
        guarded(session, writes("dalam"), plugin="sampel", strict=False)
        guarded(session, breaks_the_session, plugin="sampel", strict=False)
        writes("luar")(session)
        if outer_fails:
            raise RuntimeError

    with app.extensions["elearn"].outbox.open_session() as session:
        assert guarded(session, outer, plugin="sampel", strict=False)[0] is not outer_fails
        session.commit()
        kept = sorted(session.scalars(select(sampel.SampelNote.text)))
    assert kept == ([] if outer_fails else ["dalam", "luar"])
