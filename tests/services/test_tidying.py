"""What is over is forgotten after a while; what waits, failed or holds stays."""

import pytest
from sqlalchemy import func, select, update

from elearn import Event, Plugin, outbox
from elearn.models.learning import Delivery, OutboxEvent
from elearn.models.people import PasswordReset, Person, SignIn
from elearn.services import people, reset
from elearn.services import sign_in as service
from elearn.services.facts import record
from elearn.services.moments import ahead
from elearn.services.tidying import KEPT, tidy


class Happened(Event):
    """Something."""


class Unheard(Event):
    """Something that nobody asked to be told."""


def hear(session, event):
    """All is well."""


def stumble(session, event):
    raise ValueError("not today")


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    plugin = Plugin(name="penguji", title="P", events=(Happened, Unheard), subscribers={Happened: (hear, stumble)})
    return make_app(plugin, database="postgresql" if request.param == "postgresql" else "", strict=False)


@pytest.fixture
def session(app):
    with app.extensions["elearn"].outbox.open_session() as opened:
        yield opened


def left(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_an_event_goes_when_everybody_was_told_long_ago(app, session):
    for _ in range(3):
        record(session, Happened())
    session.commit()
    app.extensions["elearn"].outbox.deliver_due()
    assert tidy(session) == 0, "told a moment ago"
    session.execute(update(Delivery).values(due_at=ahead(-2 * KEPT)))
    first = session.scalar(select(func.min(OutboxEvent.id)))
    session.execute(update(Delivery).where(Delivery.event_id == first).values(state="done"))
    session.commit()
    assert tidy(session) == 4, "nobody's event is old yet"
    session.execute(update(OutboxEvent).values(at=ahead(-2 * KEPT)))
    session.commit()
    assert tidy(session) == 1
    session.commit()
    assert set(session.execute(select(Delivery.event_id, Delivery.state))) == {(first + 1, "waiting"), (first + 2, "waiting")}
    assert left(session, OutboxEvent) == 2


def test_an_event_that_nobody_hears_goes_too(session):
    for event in (Happened(), Unheard(), Unheard(), Happened(), Unheard()):
        record(session, event)
    ids = list(session.scalars(select(OutboxEvent.id).order_by(OutboxEvent.id)))
    session.execute(update(OutboxEvent).where(OutboxEvent.id < ids[3]).values(at=ahead(-2 * KEPT)))
    session.commit()
    assert tidy(session) == 2
    session.commit()
    assert list(session.scalars(select(OutboxEvent.id).order_by(OutboxEvent.id))) == [ids[0], ids[3], ids[4]], "one waits, two are young"
    session.execute(update(OutboxEvent).values(at=ahead(-2 * KEPT)))
    assert tidy(session) == 1, "when all are old"


def test_sign_ins_and_links_go_when_they_are_long_over(session):
    person = people.add_person(session, name="Sari", email="sari@contoh.go.id", password="sandi-panjang-sekali")
    holds = service.start(session, person, agent="ponsel", days=1)
    ended, ran_out = (service.start(session, person, agent="lama", days=1) for _ in range(2))
    reset.ask(session, "sari@contoh.go.id")
    session.commit()
    assert tidy(session) == 0
    session.execute(update(SignIn).where(SignIn.token_hash == service.hash_token(ended)).values(ended_at=ahead(-2 * KEPT)))
    session.execute(update(SignIn).where(SignIn.token_hash == service.hash_token(ran_out)).values(expires_at=ahead(-2 * KEPT)))
    session.execute(update(PasswordReset).values(expires_at=ahead(-2 * KEPT)))
    session.commit()
    assert tidy(session) == 3
    session.commit()
    assert list(session.scalars(select(SignIn.token_hash))) == [service.hash_token(holds)]
    assert (left(session, PasswordReset), left(session, Person)) == (0, 1)


def test_the_outbox_tidies_by_itself(app, session, monkeypatch):
    monkeypatch.setattr(outbox, "TIDY_SECONDS", 0.0)
    person = people.add_person(session, name="Sari", email="sari@contoh.go.id")
    service.start(session, person, agent="lama", days=1)
    session.execute(update(SignIn).values(expires_at=ahead(-2 * KEPT)))
    session.commit()
    site = app.extensions["elearn"]
    again = outbox.Outbox(site.registry, site.outbox.open_session)
    again._deliver_or_wait()
    assert left(session, SignIn) == 0
