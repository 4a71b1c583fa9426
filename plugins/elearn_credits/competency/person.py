"""One person's competency put together for a page: what their post asks, what they have shown, what to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import or_, select
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
from .models import Evidence, WantedPost
from .standards import standards
from .way import Way, shortest_way


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


def raised_by(session: Session, person_id: int, enrolment_id: int) -> list[tuple[Competency, Level]]:
    """The competencies whose level stands higher for what one enrolment showed. Two statements, three where one is not a bundled one."""
    keys = select(Evidence.id).where(
        Evidence.person_id == person_id,
        or_(Evidence.key.startswith(f"course:{enrolment_id}:"), Evidence.key.startswith(f"quiz:{enrolment_id}:")),
    )
    ids = set(session.scalars(keys))
    if not ids:
        return []
    shown = evidence_of(session, person_id)
    after, before = levels_of(shown), levels_of(one for one in shown if one.id not in ids)
    higher = [level for code, level in after.items() if code not in before or level.level > before[code].level]
    known = dict(bundled()) if all(level.code in bundled() for level in higher) else framework(session)
    return [(known[level.code], level) for level in sorted(higher, key=lambda level: level.code) if level.code in known]


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
    way: Way | None


def first_advice(session: Session, person: Person) -> advice.Advice | None:
    """The one course that closes most for the person's post: for the home page, where every statement counts. Three of them, four where
    the site has its own standard for the post. Names no courses to take first: which of them are done is not asked here."""
    standard = remembered(session, f"credits.standard.{person.post}", lambda: standards(session, {person.post})[person.post])
    known = framework(session) if standard.own else bundled()
    now = match(standard, levels_of(evidence_of(session, person.id)), known)
    if not any(line.gap for line in now.lines):
        return None
    found = advice.advise(now, remembered(session, "credits.offers", lambda: courses_on_offer(session)), most=1)
    return replace(found[0], first=()) if found else None


def what_next(session: Session, person: Person, known: Profile, *, entries: Sequence[Entry], most: int = 5) -> Next:
    """Reckon the advice; two statements more. ``entries``: the person's ledger."""
    offers: list[Offered] = courses_on_offer(session)
    standings = standings_of(session, person.id)
    done = {standing.course_id for standing in standings if standing.state == "completed"}
    courses = {each.course_id: each.course for each in offers}
    begun = {
        one.course_id: one.minutes_left(courses[one.course_id]) for one in standings if one.state == "active" and one.course_id in courses
    }
    day = ledger.today(session)
    account = ledger.year_account(session, person.id, kind=ledger.kind_of(person), year=day.year, entries=entries)
    by_gap = advice.advise(known.now, offers, done=done, most=len(offers))
    by_wanted = advice.advise(known.wanted, offers, done=done, most=most) if known.wanted else []
    closes = {each.offered.course_id: each.closes for each in by_gap}
    daily = _daily(session, account)
    way = shortest_way(account.left, offers, done=done, begun=begun, closes=closes, daily=daily) if account.left else None
    return Next(account=account, by_gap=tuple(by_gap[:most]), by_wanted=tuple(by_wanted), way=way)


def _daily(session: Session, account: Account) -> Decimal | None:
    """The JP of e-learning that count in a day, by the rules of the account's period."""
    rules = book_of(site_of(session)).on(account.last)
    form = rules.forms.get(ledger.ELEARNING) if rules else None
    return form.cap.limit(international=False) if form and form.cap and form.cap.of == "jp" and form.cap.per == "day" else None
