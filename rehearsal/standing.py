"""A country that stays up without load: for people who look around, and for Locust's web interface."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from pathlib import Path

from rehearsal import plan as plans
from rehearsal.conductor import cancelled_by_signals
from rehearsal.environment import country
from rehearsal.errors import RehearsalError, SetUpError
from rehearsal.network import network
from rehearsal.plan import Planned
from rehearsal.progress import Progress
from rehearsal.run_record import RunFolder, make_folder

FAR_NS = 10**9 * 3600 * 24 * 365
"""Where T0 lies for portals that are to stay open: a year ahead."""


async def keep_up(
    planned: Planned,
    path: Path | None,
    runs: Path,
    *,
    closed: bool,
    toxiproxy: str | None,
    show: Progress,
) -> None:
    """Bring the country up, say where it is, and keep it up until Ctrl-C or SIGTERM.

    ``targets.json`` in the folder appears when everything is up.
    """
    started = datetime.now().astimezone()
    name = planned.plan.scenario.name
    if path is None:
        path = make_folder(runs, f"{name}-up", started)
    else:
        try:
            (path / "logs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetUpError(f"{path}: cannot be made ({error.strerror}); name another with --run") from error
    folder = RunFolder(path, name, started)
    plans.write(planned, path)
    try:
        with cancelled_by_signals():
            async with (
                network(folder, planned.plan.country, toxiproxy=toxiproxy, say=show.say) as links,
                country(planned.plan, links, folder, say=show.say) as there,
            ):
                now = time.monotonic_ns()
                t0 = now if closed else now + FAR_NS
                folder.record.t0_monotonic_ns = t0
                folder.record.t0_unix_ns = time.time_ns() + (t0 - now)
                folder.save()
                await there.set_clock(t0)
                folder.targets(links.entrances())
                for link in ("citizens--national-portal", "citizens--vneid", "citizens--payment"):
                    show.say(f"{link}: http://{links.places.links[link].listen}")
                show.say(f"up; all addresses are in {path}/targets.json. Ctrl-C takes it down.")
                async with there.processes.none_may_end():
                    await asyncio.Event().wait()
    except asyncio.CancelledError:
        folder.end("interrupted", "taken down by the user")
        show.say("taken down")
    except RehearsalError as error:
        folder.end("aborted", str(error))
        raise
    finally:
        folder.close()
