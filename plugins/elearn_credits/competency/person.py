"""One person's competency put together for a page: what their post asks, what they have shown, what to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Offered, Person, courses_on_offer, insert_or_update, remembered, site_of, standings_of

from .. import ledger
from ..counting import Account, Entry
from ..rules import book_of
from . import advice
from .evidence import evidence_of
from .framework import Competency, bundled, framework
from .gap import Match, match
from .levels import Level, Shown, levels_of
from .models import WantedPost
from .standards import standards


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A person's competency: ``now`` for their post, ``wanted`` for the post they work towards (None where there is none)."""

    framework: dict[str, Competency]
    evidence: tuple[Shown, ...]
    levels: dict[str, Level]
    now: Match
    wanted: Match | None


def profile(session: Session, person: Person) -> Profile:
    """Read it; four statements."""
    wanted_post = session.scalar(select(WantedPost.post).where(WantedPost.person_id == person.id))
    posts = {person.post} | ({wanted_post} if wanted_post else set())
    asked = standards(session, posts)
    known = framework(session)
    shown = tuple(evidence_of(session, person.id))
    levels = levels_of(shown)
    return Profile(
        framework=known,
        evidence=shown,
        levels=levels,
        now=match(asked[person.post], levels, known),
        wanted=match(asked[wanted_post], levels, known) if wanted_post else None,
    )


def want(session: Session, person_id: int, post: str) -> None:
    """Keep the post somebody works towards; "" forgets it."""
    if not post:
        row = session.scalar(select(WantedPost).where(WantedPost.person_id == person_id))
        if row is not None:
            session.delete(row)
        return
    insert_or_update(session, WantedPost, values={"person_id": person_id, "post": post[:160]}, key=("person_id",))


@dataclass(frozen=True, kw_only=True)
class Next:
    """What to learn: by the gap of the person's post (and of the wanted one), and the shortest way to this year's hours."""

    account: Account
    by_gap: tuple[advice.Advice, ...]
    by_wanted: tuple[advice.Advice, ...]
    way: advice.Way | None


def first_advice(session: Session, person: Person) -> advice.Advice | None:
    """The one course that closes most for the person's post: for the home page, where every statement counts. Three of them, four where
    the site has its own standard for the post."""
    standard = remembered(session, f"credits.standard.{person.post}", lambda: standards(session, {person.post})[person.post])
    known = framework(session) if standard.own else bundled()
    now = match(standard, levels_of(evidence_of(session, person.id)), known)
    if not any(line.gap for line in now.lines):
        return None
    found = advice.advise(now, remembered(session, "credits.offers", lambda: courses_on_offer(session)), most=1)
    return found[0] if found else None


def what_next(session: Session, person: Person, known: Profile, *, entries: Sequence[Entry], most: int = 5) -> Next:
    """Reckon the advice; two statements more. ``entries``: the person's ledger."""
    offers: list[Offered] = courses_on_offer(session)
    done = {standing.course_id for standing in standings_of(session, person.id) if standing.state == "completed"}
    day = ledger.today(session)
    account = ledger.year_account(session, person.id, kind=person.kind or "pns", year=day.year, entries=entries)
    by_gap = advice.advise(known.now, offers, done=done, most=most)
    by_wanted = advice.advise(known.wanted, offers, done=done, most=most) if known.wanted else []
    way = advice.shortest_way(account.left, by_gap, offers, done=done, daily=_daily(session, account)) if account.left else None
    return Next(account=account, by_gap=tuple(by_gap), by_wanted=tuple(by_wanted), way=way)


def _daily(session: Session, account: Account) -> Decimal | None:
    """The JP of e-learning that count in a day, by the rules of the account's period."""
    rules = book_of(site_of(session)).on(account.last)
    form = rules.forms.get(ledger.ELEARNING) if rules else None
    return form.cap.limit(international=False) if form and form.cap and form.cap.of == "jp" and form.cap.per == "day" else None
