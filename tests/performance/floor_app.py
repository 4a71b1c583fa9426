"""The floor: what bare Flask costs for the same kind of work. A measuring stick, never a product: it signs anybody in.

``/rendered`` is a signed-in reader, one indexed select, and one template around a lesson rendered before; ``/write`` is a
signed-in writer, one insert, one commit. FLOOR_DB is the database's URL, FLOOR_SYNC SQLite's ``synchronous``.
"""

from __future__ import annotations

import os

from flask import Flask, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

db = SQLAlchemy()
TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ lesson.title }}</title></head>
<body><header>{{ reader.name }}</header><main><h1>{{ lesson.title }}</h1>{{ lesson.body|safe }}</main></body></html>"""
BODY = ("<p>" + "Aparatur yang terus belajar melayani warga dengan lebih baik dan lebih sabar. " * 8 + "</p>") * 22


class Reader(UserMixin, db.Model):
    """Somebody who may read."""

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)


class Page(db.Model):
    """A lesson, rendered."""

    id = db.Column(db.Integer, primary_key=True)
    slug = db.Column(db.String(80), unique=True, index=True)
    title = db.Column(db.String(80))
    body = db.Column(db.Text)


class Answer(db.Model):
    """What somebody answered."""

    id = db.Column(db.Integer, primary_key=True)
    reader_id = db.Column(db.Integer, index=True)
    question = db.Column(db.String(40))
    value = db.Column(db.String(200))


@event.listens_for(Engine, "connect")
def set_up(connection, record):
    """The same journal as the product's."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={os.environ.get('FLOOR_SYNC', 'FULL')}")
        connection.execute("PRAGMA busy_timeout=5000")


def create_app() -> Flask:
    """The application, its database filled."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="floor", SQLALCHEMY_DATABASE_URI=os.environ["FLOOR_DB"])
    db.init_app(app)
    login = LoginManager(app)
    login.user_loader(lambda key: db.session.get(Reader, int(key)))
    template = app.jinja_env.from_string(TEMPLATE)
    with app.app_context():
        db.create_all()
        if not db.session.scalar(select(Page.id).limit(1)):
            db.session.add_all(Reader(name=f"peserta {n}") for n in range(1, 1001))
            db.session.add_all(Page(slug=f"pelajaran-{n}", title=f"Pelajaran {n}", body=BODY) for n in range(1, 101))
            db.session.commit()

    @app.get("/bare")
    def bare():
        return "ok"

    @app.get("/login/<int:key>")
    def sign_in(key):
        login_user(db.session.get(Reader, key))
        return "ok"

    @app.get("/rendered")
    @login_required
    def rendered():
        lesson = db.session.scalar(select(Page).where(Page.slug == "pelajaran-7"))
        return template.render(lesson=lesson, reader=current_user)

    @app.post("/write")
    @login_required
    def write():
        db.session.add(Answer(reader_id=current_user.id, question="q1", value=request.form.get("value", "")[:200]))
        db.session.commit()
        return "ok"

    return app
