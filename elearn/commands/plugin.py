"""elearn plugin: what is installed and how it does, and a new one to start from; and the plugins' own commands."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import click

from elearn.commands.common import data_option, make_app
from elearn.commands.scaffold import write_plugin
from elearn.errors import ElearnError, SettingError
from elearn.plugin import NAME, Plugin
from elearn.registry import Registry, discover, distribution_of


@lru_cache(maxsize=1)
def _installed() -> tuple[Plugin, ...]:
    return tuple(discover())


def names_with_commands() -> list[str]:
    """The plugins that have commands of their own; none where one of them is broken, for a list of commands is no place to say so."""
    try:
        return [plugin.name for plugin in _installed() if plugin.commands]
    except ElearnError:
        return []


def group_for(name: str) -> click.Group | None:
    """The commands of one plugin as ``elearn <name> …``; None where it has none. Raises ``PluginError`` where a plugin is broken, for
    whose commands these are is then not known."""
    found = next((plugin for plugin in _installed() if plugin.name == name and plugin.commands), None)
    return click.Group(name, {command.name or "": command for command in found.commands}, help=found.title) if found else None


@click.group("plugin")
def plugin_group() -> None:
    """Plugins."""


@plugin_group.command("list")
@data_option
def list_command(data: str | None) -> None:
    """Name, distribution, what it brings, and its health on the site in the data folder."""
    registry = Registry(discover())
    health = _health(data, registry)
    for plugin in registry.plugins.values():
        origin = "elearn" if plugin.name == "core" else distribution_of(plugin.name)
        click.echo(f"{plugin.name:<16} {origin:<24} {plugin.title}")
        click.echo(f"{'':<16} membawa: {', '.join(registry.brings(plugin))}")
        click.echo(f"{'':<16} keadaan: {health.get(plugin.name, 'baik')}")


def _health(data: str | None, registry: Registry) -> dict[str, str]:
    """What is known against a plugin: deliveries that wait or failed."""
    try:
        app = make_app(data)
    except ElearnError:
        return dict.fromkeys(registry.plugins, "belum ada situs di folder data")
    outbox = app.extensions["elearn"].outbox
    with outbox.open_session() as session:
        troubled = outbox.troubles(session)
    return {name: f"{waiting} peristiwa menunggu, {failed} gagal" for name, (waiting, failed) in troubled.items()}


@plugin_group.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def new(name: str, folder: Path | None) -> None:
    """Write a plugin that installs, runs and passes its own tests, to start from."""
    if not NAME.fullmatch(name):
        raise SettingError("NAME must be lower-case letters, digits and underscores, a letter first")
    if name == "core" or find_spec(f"elearn_{name}"):
        raise SettingError(f"The name {name} is taken: its package elearn_{name} would replace one that is installed. Choose another.")
    target = folder or Path(f"elearn-{re.sub('_', '-', name)}")
    write_plugin(name, target)
    click.echo(f"{target}: pip install -e '{target}[test]' && pytest {target}")
