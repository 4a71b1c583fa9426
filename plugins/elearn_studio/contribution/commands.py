"""elearn studio key | sign | submit: an organisation's key, and a pack signed with it, and its way in."""

from __future__ import annotations

from pathlib import Path

import click

from elearn import SettingError, create_app, viewer_of
from elearn_studio import drafts, importing, publishing, recovering
from elearn_studio.contribution import flow
from elearn_studio.contribution.signing import new_key, sign_folder


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
@click.argument("pack", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "login", required=True, help="NIP or e-mail of the contributor.")
@click.option("--source", "provenance", required=True, help="Where the module comes from: who wrote it, from what, with which permissions.")
@click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA).")
def submit_command(pack: Path, login: str, provenance: str, data: str | None) -> None:
    """Send the course in the ZIP file PACK in for review, on the site's own machine."""
    app = create_app(data)
    with app.test_request_context(), app.extensions["elearn"].outbox.open_session() as session:
        who = viewer_of(session, login)
        if not who.can("studio.write"):
            raise SettingError(f"{login} may not write courses: give them the role contributor")
        brought = importing.from_zip(pack.read_bytes(), keys=flow.keys(session))
        draft = drafts.opened(session, who, brought.slug)
        if draft is None:
            draft = drafts.create(
                session, who, slug=brought.slug, title=brought.title, texts=brought.texts, blobs=brought.blobs, act="import"
            )
        else:
            pictures = {path: drafts.keep_blob(session, content) for path, content in brought.blobs.items()}
            recovering.become(session, draft, brought.texts, pictures, by=who.id, act="import")
        checked = publishing.check(session, draft)
        for problem in checked.reading.errors:
            click.echo(str(problem), err=True)
        row = flow.submit(session, draft, checked, who=who, provenance=provenance, signed_by=brought.signed_by)
        session.commit()
        for one in row.checks:
            click.echo(f"{one['state']:<5} {one['text']}")
        click.echo(f"{draft.slug}: pengajuan {row.id} menunggu peninjau")


COMMANDS = (key_command, sign_command, submit_command)
