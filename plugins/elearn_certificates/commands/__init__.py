"""``elearn certificates …``: one file a command, and the list of them."""

from __future__ import annotations

import click

from elearn_certificates.commands.export import export_command
from elearn_certificates.commands.keys import key_command, signer_command
from elearn_certificates.commands.listing import list_command
from elearn_certificates.commands.show import show_command
from elearn_certificates.commands.verify import verify_command

COMMANDS: tuple[click.Command, ...] = (
    list_command,
    show_command,
    export_command,
    verify_command,
    key_command,
    signer_command,
)
