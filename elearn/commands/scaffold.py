"""Writes the files of a new plugin: a table of contents, a page, a card, a table with its migration, and tests that pass."""

from __future__ import annotations

from pathlib import Path
from string import Template

from elearn.errors import SettingError

FILES = {
    "pyproject.toml": """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "elearn-$dash"
version = "0.1.0"
description = "$title, a plugin for elearn"
requires-python = ">=3.11"
dependencies = ["elearn"]

[project.optional-dependencies]
test = ["pytest"]

[project.entry-points."elearn.plugins"]
$name = "elearn_$name:plugin"

[tool.setuptools]
packages = ["elearn_$name"]

[tool.setuptools.package-data]
"*" = ["templates/**/*.html", "migrations/*.py", "translations/**/*.mo"]
""",
    "README.md": """\
# $title

A plugin for elearn. Its tests, in the environment where elearn is installed:

    pip install -e '.[test]'
    pytest

On a site: install it beside elearn, bring the database up to date, and start again.

    pip install .
    elearn db upgrade
    elearn plugin list
""",
    "elearn_$name/__init__.py": '''\
"""$title: the plugin's table of contents."""

from pathlib import Path

from elearn import NavEntry, Plugin, Viewer

from .models import Greeting
from .views import blueprint


def nav(viewer: Viewer):
    """One tab for everybody with an account."""
    if viewer.person:
        yield NavEntry(title="$title", endpoint="$name.index", icon="list", order=60)


plugin = Plugin(
    name="$name",
    title="$title",
    blueprint=blueprint,
    models=(Greeting,),
    migrations=Path(__file__).parent / "migrations",
    nav=nav,
)
''',
    "elearn_$name/models.py": '''\
"""What the plugin keeps."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key


class Greeting(Base):
    """What one person wrote."""

    __tablename__ = "${name}_greeting"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, unique=True)
    text: Mapped[str] = mapped_column(String(200))
''',
    "elearn_$name/services.py": '''\
"""What can be done with it."""

from elearn import insert_or_update

from .models import Greeting


def greet(session, person_id: int, text: str) -> None:
    """Keep the person's greeting; a later one replaces it."""
    insert_or_update(session, Greeting, values={"person_id": person_id, "text": text[:200]}, key=("person_id",))
''',
    "elearn_$name/views.py": '''\
"""The plugin's page."""

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select

from elearn import reading, render, signed_in, viewer, writing

from . import services
from .models import Greeting

blueprint = Blueprint("$name", __name__, template_folder="templates")


@blueprint.get("/")
@signed_in
def index() -> str:
    """What one wrote, and a form to write it."""
    text = reading().scalar(select(Greeting.text).where(Greeting.person_id == viewer().id))
    return render("$name/index.html", text=text or "")


@blueprint.post("/")
@signed_in
def write():
    """Keep it."""
    with writing() as session:
        services.greet(session, viewer().id, request.form.get("text", ""))
    return redirect(url_for(".index"))
''',
    "elearn_$name/templates/$name/index.html": """\
{% extends "base.html" %}
{% from "macros.html" import csrf, field %}
{% block title %}$title{% endblock %}
{% block body %}
<h1>$title</h1>
{% if text %}<p>{{ text }}</p>{% endif %}
<form method="post">
  {{ csrf() }}
  {{ field("text", "Salam", text, maxlength=200) }}
  <button>Simpan</button>
</form>
{% endblock %}
""",
    "elearn_$name/migrations/${name}_0001_greeting.py": '''\
"""The first table."""

import sqlalchemy as sa
from alembic import op

revision = "${name}_0001"
down_revision = None
branch_labels = ("$name",)
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "${name}_greeting",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_${name}_greeting"),
        sa.UniqueConstraint("person_id", name="uq_${name}_greeting_person_id"),
    )
''',
    "tests/test_$name.py": '''\
"""The plugin on a real application: its page, its table."""

import pytest

from elearn_$name import plugin


@pytest.fixture
def app(make_app):
    return make_app(plugin)


def test_a_stranger_is_sent_to_sign_in(app):
    answer = app.test_client().get("/$path/")
    assert answer.status_code == 302
    assert "/masuk" in answer.headers["Location"]


def test_what_one_wrote_is_there_afterwards(app, sign_in):
    client = sign_in(app, name="Sari Wahyuni")
    client.post("/$path/", data={"text": "Selamat pagi"})
    assert "Selamat pagi" in client.get("/$path/").text
''',
}


def write_plugin(name: str, folder: Path) -> None:
    """Write the plugin ``name`` into ``folder``, which must not exist or be empty."""
    if folder.exists() and any(folder.iterdir()):
        raise SettingError(f"{folder} is not empty")
    words = {"name": name, "dash": name.replace("_", "-"), "path": name.replace("_", "-"), "title": name.replace("_", " ").capitalize()}
    for path, text in FILES.items():
        target = folder / Template(path).substitute(words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(text).substitute(words), "utf-8")
