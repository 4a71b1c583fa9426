"""elearn studio key | sign | submit: an organisation's key, and a pack signed with it, and its way in."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from elearn import ContentError, SettingError, create_app, viewer_of
from elearn_studio.contribution import flow, intake
from elearn_studio.contribution.sending import send
from elearn_studio.contribution.signing import new_key, sign_folder
from elearn_studio.models import Draft


@click.command("key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def key_command(file: Path) -> None:
    """Make a private key in FILE and print the public one, which the site's administrator registers."""
    try:
        click.echo(new_key(file))
    except FileExistsError as error:
        raise SettingError(f"{file} exists; a key is never overwritten") from error


@click.command("sign")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", "key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="The private key.")
def sign_command(folder: Path, key_file: Path) -> None:
    """Write a signed manifest into the course FOLDER; then `elearn course pack` makes the ZIP to send."""
    public = sign_folder(folder, key_file)
    click.echo(f"{folder}: ditandatangani dengan kunci {public}")


@click.command("submit")
@click.argument("pack", metavar="ZIP|DIR|SLUG")
@click.option("--source", "provenance", required=True, help="Where the module comes from: who wrote it, from what, with which permissions.")
@click.option("--to", "site", default="", help="A site to send a signed ZIP to, such as https://belajar.contoh.go.id. Else: the site here.")
@click.option("--by", "login", default="", help="NIP or e-mail of the contributor, at the site here.")
@click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA), at the site here.")
def submit_command(pack: str, provenance: str, site: str, login: str, data: str | None) -> None:
    """Send a course in for review: a ZIP, a folder, or a course that an installed package brings. To a site elsewhere the ZIP goes signed,
    and the site knows the organisation by its key; at the site here you say for whom it is."""
    if site:
        answer = send(Path(pack), site, provenance=provenance)
        _say(answer["checks"], answer["course"], answer["submission"])
        return
    if not login:
        raise SettingError("say for whom with --by, or where to with --to")
    app = create_app(data)
    with app.test_request_context(), app.extensions["elearn"].outbox.open_session() as session:
        who = viewer_of(session, login)
        if not who.can("studio.write"):
            raise SettingError(f"{login} may not write courses: give them the role contributor")
        try:
            row = intake.send_in(
                session, who, intake.pack_at(pack, flow.keys(session)), provenance=provenance, writing=lambda: nullcontext(session)
            )
        except ContentError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            raise SettingError(f"{pack}: nothing was sent in") from error
        slug = session.get_one(Draft, row.draft_id).slug
        session.commit()
        _say(row.checks, slug, row.id)


def _say(checks: list[dict[str, str]], slug: str, number: int) -> None:
    for one in checks:
        click.echo(f"{one['state']:<5} {one['text']}")
    click.echo(f"{slug}: pengajuan {number} menunggu peninjau")


COMMANDS = (key_command, sign_command, submit_command)
