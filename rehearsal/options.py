"""Options of several commands, and values that are more than a number or a path: checked before a start."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click

from chaos.finding import LOOPBACK, address_problem
from rehearsal.errors import UsageError
from rehearsal.run_record import RUNS

MASTER_PORT = 5557
"""Where the master listens for workers from elsewhere: Locust's own default."""
NOTICE = timedelta(seconds=30)
"""A common start must be at least this far ahead: the set-up takes that long on two cores."""


class Address(NamedTuple):
    """Where somebody listens."""

    host: str
    port: int


class MasterAddress(click.ParamType[Address]):
    """``HOST:PORT``; without a port it is Locust's own."""

    name = "host:port"

    def convert(  # noqa: D102 - click's
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Address:
        if isinstance(value, Address):
            return value
        host, colon, port = str(value).rpartition(":")
        if not colon:
            host, port = port, str(MASTER_PORT)
        if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            self.fail(f"{value!r}: legal is HOST:PORT, such as 192.0.2.1:{MASTER_PORT}", param, ctx)
        return Address(host, int(port))


class OwnAddress(click.ParamType[str]):
    """An IPv4 address of this machine; never all of them."""

    name = "address"

    def convert(  # noqa: D102 - click's
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        try:
            address = ipaddress.IPv4Address(str(value))
        except ValueError:
            self.fail(f"{value!r}: legal is an IPv4 address of this machine, such as 192.0.2.1", param, ctx)
        if address.is_unspecified or address.is_multicast:
            self.fail(f"{value}: name the one address that the other hosts can reach", param, ctx)
        with contextlib.closing(socket.socket()) as candidate:
            try:
                candidate.bind((str(address), 0))
            except OSError as error:
                self.fail(f"{value}: nothing can listen there ({error.strerror})", param, ctx)
        return str(address)


class Moment(click.ParamType[datetime]):
    """A moment to come, in ISO 8601 with its offset from UTC."""

    name = "moment"

    def convert(  # noqa: D102 - click's
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail(
                f"{value!r}: legal is date and time with an offset from UTC: 2025-07-01T00:00:00+07:00",
                param,
                ctx,
            )
        ahead = moment - datetime.now(UTC)
        if ahead < NOTICE:
            self.fail(
                f"{value}: is {ahead.total_seconds():.0f} s ahead; legal is {NOTICE.total_seconds():.0f} s "
                "or more, which the set-up needs",
                param,
                ctx,
            )
        return moment


RUNS_OPTION = click.option(
    "--runs",
    type=click.Path(file_okay=False, path_type=Path),
    default=RUNS,
    show_default=True,
    help="where run folders are kept",
)
WORKERS_OPTION = click.option(
    "--workers", type=click.IntRange(1), default=2, show_default=True, help="worker processes of the swarm"
)


def _address(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    """HOST:PORT on loopback, refused here rather than after a run folder was made."""
    if given is None or not address_problem(given):
        return given
    raise click.BadParameter(
        f"{given!r}: legal is {' or '.join(LOOPBACK)} with a port, such as 127.0.0.1:8474"
    )


TOXIPROXY_OPTION = click.option(
    "--toxiproxy",
    metavar="HOST:PORT",
    callback=_address,
    envvar="TOXIPROXY_ADDRESS",
    help="a Toxiproxy server that runs already; without it one is found, fetched or built",
)
SCENARIO_ARGUMENT = click.argument("scenario")


def refuse_unwritable(option: str, file: Path | None) -> None:
    """Refuse a file that cannot be written, before the work whose result it shall hold.

    Raises :class:`~rehearsal.errors.UsageError`.
    """
    if file is None:
        return
    if file.is_dir():
        raise UsageError(f"{option}: {file}: is a folder; legal is a file")
    if not file.parent.is_dir():
        raise UsageError(f"{option}: {file}: there is no folder {file.parent}; name one that is there")
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        raise UsageError(f"{option}: {file}: cannot be written; name a file that can")
