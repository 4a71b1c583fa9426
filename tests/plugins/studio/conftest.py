"""Authors at their drafts."""

import re

import pytest
from elearn_studio.models import Blob, Change, Draft, File, Member, Presence, Release
from sqlalchemy import func, select


class Author:
    """Somebody at the studio's pages, in words of what they do there."""

    def __init__(self, client, app):
        self.client, self.app, self.person_id = client, app, client.person_id

    def new(self, title="Menangani keluhan", **more):
        answer = self.client.post("/tulis/baru", data={"judul": title, "mulai": "singkat", **more})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].rpartition("/")[2]

    def page(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:2_000]
        return answer.text

    def post(self, path, status=302, json=False, **data):
        headers = {"Accept": "application/json"} if json else {}
        answer = self.client.post(path, data=data, headers=headers)
        assert answer.status_code == status, f"{answer.status_code} {answer.text[:2_000]}"
        return answer.get_json() if json else answer.text

    def revision(self, slug, path):
        return int(re.search(r'name="revision" value="(\d+)"', self.page(f"/tulis/{slug}/naskah/{path}"))[1])

    def save(self, slug, path, text, revision=None, **more):
        revision = self.revision(slug, path) if revision is None else revision
        return self.post(f"/tulis/{slug}/naskah/{path}", text=text, revision=revision, lakukan="simpan", **more)

    def text(self, slug, path):
        with self.app.extensions["elearn"].outbox.open_session() as session:
            return session.scalar(select(File.text).join(Draft, Draft.id == File.draft_id).where(Draft.slug == slug, File.path == path))

    def paths(self, slug):
        with self.app.extensions["elearn"].outbox.open_session() as session:
            rows = session.scalars(select(File.path).join(Draft, Draft.id == File.draft_id).where(Draft.slug == slug).order_by(File.path))
            return list(rows)

    def faults(self, slug):
        """What the check of the whole course finds, but for words of the template that nobody replaced yet."""
        page = self.page(f"/tulis/{slug}/periksa").partition("<main")[2]
        rows = re.findall(r'(?s)<span class="tag (?:bad|warn)">(?:perbaiki|periksa)</span>(.*?)</li>', page)
        return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows if "Teks contoh belum diganti" not in row]

    def publish(self, slug, status=200):
        page = self.page(f"/tulis/{slug}/terbit")
        change = re.search(r'name="perubahan" value="(\d+)"', page)
        return self.post(f"/tulis/{slug}/terbit", status, lakukan="terbit", perubahan=change[1] if change else "")


@pytest.fixture
def author(app, sign_in):
    return Author(sign_in(app, name="Nurhayati Siregar", role="author"), app)


@pytest.fixture
def another(app, sign_in):
    return Author(sign_in(app, name="Bayu Prakoso", role="author"), app)


@pytest.fixture
def left_behind(app):
    """``left_behind()`` is all that drafts left in the database and on the disk, to compare before and after."""

    def count():
        state = app.extensions["elearn"]
        with state.outbox.open_session() as session:
            rows = [
                session.scalar(select(func.count()).select_from(model)) for model in (Draft, Member, File, Blob, Change, Release, Presence)
            ]
        folder = state.site.store.folder
        return rows, sorted(str(path) for path in folder.rglob("*")) if folder.exists() else []

    return count
