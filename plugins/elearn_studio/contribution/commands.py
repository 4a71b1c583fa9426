"""elearn studio key | sign: an organisation's key, and a pack signed with it, on the machine of whoever contributes."""

from __future__ import annotations

from pathlib import Path

import click

from elearn import SettingError
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


COMMANDS = (key_command, sign_command)
