"""The command line: run a site, check and publish courses, look after plugins, people and the database."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any

import click

from elearn import __version__
from elearn.commands.common import data_option, make_app, say_errors

OWN = {
    "serve": "serve:serve",
    "worker": "serve:worker",
    "demo": "demo:demo",
    "check": "check:check",
    "course": "course:course",
    "db": "database:db_group",
    "plugin": "plugin:plugin_group",
    "person": "people:person",
    "events": "events:events",
}
# Python looks for lost circles of objects after every 700 new ones. A start makes hundreds of thousands and loses none of them.
OBJECTS_BEFORE_A_LOOK = 50_000


class Main(click.Group):
    """The group: the core's commands, each read when it is asked for; the plugins' own under each plugin's name; and errors as one
    line instead of a traceback."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in OWN:
            module, _, attribute = OWN[name].partition(":")
            command: click.Command = getattr(import_module(f"elearn.commands.{module}"), attribute)
            return command
        from elearn.commands.plugin import group_for

        return super().get_command(context, name) or group_for(name)

    def list_commands(self, context: click.Context) -> list[str]:
        from elearn.commands.plugin import names_with_commands

        return sorted({*super().list_commands(context), *OWN, *names_with_commands()})

    def invoke(self, context: click.Context) -> Any:
        gc.set_threshold(OBJECTS_BEFORE_A_LOOK, 10, 10)
        with say_errors():
            return super().invoke(context)


@click.group(cls=Main)
@click.version_option(__version__, prog_name="elearn")
def main() -> None:
    """elearn: courses in Markdown, quizzes, certificates and credit hours."""


@main.command()
@data_option
def settings(data: str | None) -> None:
    """List every setting with its default and what it is for."""
    for name, value in make_app(data, check_schema=False).extensions["elearn"].site.settings.known().items():
        click.echo(f"{name} = {value.default!r}\n    {value.help}")


if __name__ == "__main__":
    main()
