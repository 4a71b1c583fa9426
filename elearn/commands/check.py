"""elearn check: the whole site looked over."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import click
from flask import Flask

from elearn import schema
from elearn.commands.common import data_option, make_app
from elearn.services.site import SettingValues
from elearn.web.database import db


@click.command()
@data_option
def check(data: str | None) -> None:
    """Look the site over: the schema, the outbox, the settings, and what each plugin checks."""
    app = make_app(data)
    faults, notes = look_over(app)
    for line in [*faults, *notes]:
        click.echo(line)
    if faults:
        sys.exit(1)
    click.echo("Semua baik." if not notes else "Semua baik; catatan di atas tidak menghalangi.")


def check_site(app: Flask) -> list[str]:
    """All that ``look_over`` finds."""
    faults, notes = look_over(app)
    return [*faults, *notes]


def look_over(app: Flask) -> tuple[list[str], list[str]]:
    """(what is wrong with the site, what deserves a look), a line each."""
    state = app.extensions["elearn"]
    lines: list[str] = []
    notes: list[str] = []
    with app.app_context(), state.outbox.open_session() as session:
        lines += [f"schema: step {step} is missing" for step in sorted(schema.missing(db.engine, state.registry))]
        lines += [
            f"outbox: {count} deliveries were given up (see: elearn events)"
            for name, count in state.outbox.health(session).items()
            if name == "failed"
        ]
        notes += _doubts(state.site.settings)
        for plugin in state.registry.plugins.values():
            for check in plugin.checks:
                found = state.registry.call(plugin, lambda inner, check=check: list(check(inner)), session, lambda inner: inner)
                if found is None:
                    lines.append(f"{plugin.name}: its check failed, see the log")
                for problem in found or []:
                    where = str(problem) if problem.file else f"{problem.code} {problem.text()} {problem.cure()}".strip()
                    (lines if problem.severity == "error" else notes).append(f"{plugin.name}: {where}")
    return lines, notes


def _doubts(settings: SettingValues) -> list[str]:
    """What is right for a trial and seldom for a site that people use."""
    found = []
    here = not settings["base_url"] or urlsplit(settings["base_url"]).hostname in ("localhost", "127.0.0.1")
    if not settings["base_url"]:
        found.append("base_url: not set, so that mails and QR codes carry no address, and requests for any host are answered")
    if not here and not settings["behind_proxy"]:
        found.append("behind_proxy: 0; without a proxy that buffers (nginx) a few dozen slow connections stop the site, see docs/run.md")
    if not here and settings["mail"].startswith("console:"):
        found.append("mail: console:, so that nobody gets the link for a new password")
    if not here and not settings["secure_cookies"]:
        found.append("secure_cookies: off, so that the cookie of a sign-in travels in the clear")
    return found
