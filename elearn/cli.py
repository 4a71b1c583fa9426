"""The command line: run a site, check and publish courses, look after plugins, people and the database."""

from __future__ import annotations

from typing import Any

import click

from elearn import __version__
from elearn.commands import check, course, database, demo, events, people, plugin, serve
from elearn.commands.common import data_option, make_app, say_errors


class Main(click.Group):
    """The group, with the plugins' own commands under each plugin's name, and errors as one line instead of a traceback."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        own = super().get_command(context, name)
        return own or plugin.group_for(name)

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *plugin.names_with_commands()})

    def invoke(self, context: click.Context) -> Any:
        with say_errors():
            return super().invoke(context)


@click.group(cls=Main)
@click.version_option(__version__, prog_name="elearn")
def main() -> None:
    """elearn: courses in Markdown, quizzes, certificates and credit hours."""


main.add_command(serve.serve)
main.add_command(serve.worker)
main.add_command(demo.demo)
main.add_command(check.check)
main.add_command(course.course)
main.add_command(database.db_group)
main.add_command(plugin.plugin_group)
main.add_command(people.person)
main.add_command(events.events)


@main.command()
@data_option
def settings(data: str | None) -> None:
    """List every setting with its default and what it is for."""
    for name, value in make_app(data, check_schema=False).extensions["elearn"].site.settings.known().items():
        click.echo(f"{name} = {value.default!r}\n    {value.help}")


if __name__ == "__main__":
    main()
