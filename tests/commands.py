"""All commands of the command line, those included that are imported when they are asked for."""

from __future__ import annotations

import click

from rehearsal.cli import main


def _every() -> dict[str, click.Command]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


COMMANDS = _every()
