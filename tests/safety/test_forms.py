"""Forms that somebody sends who may not, or with more in them than they ask for, change nothing but what they are for."""

from collections import defaultdict

import pytest
from sqlalchemy import select

from elearn.models.base import Base
from tests.safety.reader import endpoint_of
from tests.safety.site import WHO, tables

LEAVING = {"sign_in.leave", "account.end_device"}
# What is nobody's in particular: noted by the site itself.
NOTED = {"audit_entry", "outbox_event", "outbox_delivery", "alembic_version", "quizzes_tally", "sqlite_sequence"}
# What a learner may change of what is their own, whichever forms they send; further columns are set by the site.
LEARNERS = {
    "person": {"language", "timezone"},
    "enrolment": {"last_lesson", "state", "completed_at"},
    "lesson_done": set(),
    "activity_mark": {"score", "passed"},
    "quizzes_attempt": {"state", "submitted_at", "score", "passed", "marks", "hints"},
    "quizzes_answer": {"answer", "seq", "saved_at"},
    "quizzes_check": {"answer", "share"},
    "quizzes_change": set(),
    "quizzes_file": set(),
    "quizzes_grade": set(),
    "quizzes_report": set(),
    "credits_entry": set(),
    "credits_contract": {"starts_on"},
    "credits_wanted_post": {"post"},
    "credits_year": {"jp", "q1", "q2", "q3", "q4"},
    "credits_profile": {"levels"},
    "credits_failed": {"times", "last_on"},
    "credits_evidence": set(),
    "studio_report": set(),
    "sign_in": {"ended_at"},
    "password_reset": set(),
}
TOP = {
    "score": "1",
    "passed": "1",
    "state": "completed",
    "role": "administrator",
    "share": "1",
    "points": "1",
    "jp": "99",
    "active": "0",
    "hours": "99",
}


def rows(app):
    """All rows: (table, key) -> values by column."""
    found = {}
    with app.extensions["elearn"].outbox.open_session() as session:
        for name, table in tables(session).items():
            keys = [column.name for column in table.primary_key.columns]
            for row in session.execute(select(table)).mappings():
                found[name, tuple(row[key] for key in keys)] = dict(row)
    return found


def owners(kept):
    """(table, key) -> whose the row is, an id; rows that are nobody's are left out."""
    enrolled = {key[0]: row["person_id"] for (table, key), row in kept.items() if table == "enrolment"}
    attempted = {key[0]: row["person_id"] for (table, key), row in kept.items() if table == "quizzes_attempt"}
    found = {}
    for place, row in kept.items():
        if place[0] == "person":
            found[place] = row["id"]
        elif row.get("person_id") is not None:
            found[place] = row["person_id"]
        elif "enrolment_id" in row:
            found[place] = enrolled.get(row["enrolment_id"])
        elif "attempt_id" in row:
            found[place] = attempted.get(row["attempt_id"])
    return found


def changed(before, after):
    """(table, key) -> the columns that are new or other."""
    found = defaultdict(set)
    for place in before.keys() | after.keys():
        old, new = before.get(place, {}), after.get(place, {})
        if old != new:
            found[place] = {"+"} if not old else {"-"} if not new else {name for name in old if old[name] != new[name]}
    return found


def forms_in(app, crawled, *whose):
    """Every form that sends something, once: (address, fields)."""
    found = {}
    for who in whose:
        for answer in crawled.pages[who].values():
            for method, action, fields in answer.forms:
                address = action or answer.address
                if method == "POST" and endpoint_of(app, address, "POST") not in LEAVING:
                    found.setdefault((address, *sorted(fields)), fields)
    return [(address, fields) for (address, *_), fields in found.items()]


def columns():
    return {column.name for table in Base.metadata.tables.values() for column in table.columns}


@pytest.mark.parametrize("who", ["sari", "togar", "lalu"])
def test_no_field_more_than_a_form_asks_for_is_taken(rich, crawled, tmp_path, who):
    app = rich.copied(tmp_path / "site")
    client, before = rich.client(app, who), rows(app)
    other = str(rich.ids["baiq"])
    more = {name: TOP.get(name, other) for name in columns()}
    sent = 0
    for address, fields in forms_in(app, crawled, who):
        sent += client.post(address, data=more | fields).status_code < 400
    after = rows(app)
    assert sent > 3, "most forms are taken"
    faults = []
    for (table, key), names in changed(before, after).items():
        if table in NOTED:
            continue
        mine = owners(after if (table, key) in after else before).get((table, key)) == rich.ids[who]
        if not mine or table not in LEARNERS or not names <= LEARNERS[table] | {"+"}:
            faults.append((table, key, names))
    assert faults == []
    assert [
        place for place in after.keys() - before.keys() if place[0] in ("certificates_certificate", "role_grant", "person", "unit")
    ] == []


@pytest.mark.parametrize("who", ["stranger", "lalu", "togar", "dewi", "bayu", "wira"])
def test_nobody_changes_what_is_somebody_elses(rich, crawled, tmp_path, who):
    app = rich.copied(tmp_path / "site")
    client, before = rich.client(app, who), rows(app)
    theirs = owners(before)
    members = {
        (row["draft_id"]) for (table, _), row in before.items() if table == "studio_member" and row["person_id"] == rich.ids.get(who)
    }
    for address, fields in forms_in(app, crawled, *WHO):
        status = client.post(address, data=fields, headers={"Accept": "text/html"}).status_code
        assert status < 500, address
        assert who != "stranger" or status in (302, 400, 401, 404, 409, 422, 200, 204), f"{address}: {status}"
    faults = []
    for place, names in changed(before, rows(app)).items():
        row = before.get(place)
        if place[0] in NOTED or row is None or names <= {"seen_at"}:
            continue
        owner = theirs.get(place)
        if place[0].startswith("studio_") and ("draft_id" in row or place[0] == "studio_draft"):
            draft = row.get("draft_id", row.get("id"))
            if draft not in members:
                faults.append((*place, names))
        elif owner is None or owner != rich.ids.get(who):
            faults.append((*place, names))
    assert faults == []
