"""elearn serve and elearn worker: a site on a production server, by gunicorn with threads."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import func, select

from elearn import schema
from elearn.commands.common import PORT, data_option, make_app, make_secret, session_of
from elearn.commands.database import bring_up_to_date
from elearn.errors import Refused
from elearn.models.people import Person
from elearn.services import people
from elearn.services.nip import check_nip, looks_like_nip
from elearn.services.passwords import MIN_LENGTH, hash_password
from elearn.web.database import db

THREADS = 8


class Server(BaseApplication):
    """gunicorn around one application, made before the workers are: they share its memory and have nothing to read. ``ready`` runs
    in a worker once it can answer."""

    def __init__(self, app: Flask, *, options: dict[str, Any], ready: Callable[[], None]) -> None:
        self.app, self.options, self.ready = app, options, ready
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", self._worker_ready)
        self.cfg.set("worker_exit", self._worker_exit)

    def load(self) -> Flask:
        return self.app

    def _worker_ready(self, worker: Any) -> None:
        self.app.extensions["elearn"].outbox.start()
        self.ready()

    def _worker_exit(self, server: Any, worker: Any) -> None:
        self.app.extensions["elearn"].outbox.stop()


def run_server(app: Flask, *, host: str, port: int, workers: int, ready: Callable[[], None], log: str = "warning") -> None:
    """Serve until told to stop. ``app`` lets go of its connections first: none survives the fork."""
    with app.app_context():
        db.engine.dispose()
    gc.freeze()  # what is here now stays: no collection need look at it, and no worker copies a page of it for that
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "keepalive": 30,
        "graceful_timeout": 15,
        "loglevel": log,
        "control_socket_disable": True,
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108
    }
    Server(app, options=options, ready=ready).run()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes; more than one wants PostgreSQL and Redis."
)
@data_option
def serve(host: str, port: int, workers: int, data: str | None) -> None:
    """Serve a real site: makes its secret key once, and asks for the first administrator."""
    folder = make_secret(data)
    app = make_app(data, check_schema=False)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        bring_up_to_date(app, say=False)
    else:
        schema.check(engine, app.extensions["elearn"].registry)
    _first_administrator(app)
    if not app.extensions["elearn"].site.settings["base_url"]:
        click.echo(f"Set base_url in {folder / 'site.toml'}, so that mails and QR codes carry the right address.", err=True)
    run_server(
        app,
        host=host,
        port=port,
        workers=workers,
        ready=lambda: click.echo(f"elearn: http://{host}:{port}/ (data in {folder})"),
    )


def _first_administrator(app: Flask) -> None:
    with session_of(app) as session:
        if session.scalar(select(func.count()).select_from(Person)):
            return
        if not sys.stdin.isatty():
            click.echo("There is nobody yet. Add the first administrator: elearn person add --role administrator …", err=True)
            return
        click.echo("Situs ini belum memiliki pengelola.")
        name = _asked("Nama lengkap", people.check_name)
        login = _asked("NIP atau surel", lambda given: check_nip(given) if looks_like_nip(given) else people.check_email(given))
        password = _asked(f"Kata sandi (paling sedikit {MIN_LENGTH} karakter)", _sound_password, hide_input=True)
        while click.prompt("Ulangi kata sandi", hide_input=True, default="", show_default=False) != password:
            click.echo("Kedua kata sandi tidak sama.")
            password = _asked("Kata sandi", _sound_password, hide_input=True)
        nip, email = (login, "") if login.isdigit() else ("", login)
        person = people.add_person(session, name=name, nip=nip, email=email, password=password)
        people.grant(session, person.id, "administrator")
    click.echo(f"{name} menjadi pengelola dan masuk dengan {login}. Pelatihan bawaan: elearn course list, lalu elearn course publish NAMA")


def _asked(question: str, check: Callable[[str], str], *, hide_input: bool = False) -> str:
    """The answer as ``check`` gives it back; asked again, with the reason, until it is right."""
    while True:
        try:
            return check(click.prompt(question, hide_input=hide_input))
        except Refused as refused:
            click.echo(str(refused))


def _sound_password(given: str) -> str:
    hash_password(given)
    return given


@click.command()
@data_option
def worker(data: str | None) -> None:
    """Deliver events and do slow work, beside the servers of a grown site."""
    outbox = make_app(data).extensions["elearn"].outbox
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: outbox.end())
    click.echo("elearn worker: ready")
    outbox.work()
