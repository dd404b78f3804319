"""How many dossiers a second one core makes; prints JSON.

    python -m bench.dossiers --count 4000

``made``: the dossier with its form and attachments, but without their bytes. ``digested``: with its digest,
for which every attachment is made once. ``sent``: digested, then every attachment is made again to be sent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import count

import click

from fixtures import Dossier, Registry, communes

TARGET = 2_000
"""Dossiers a second without attachment bytes, on one core: far above what one swarm worker sends."""


@click.command()
@click.option("--count", "each", default=4_000, show_default=True, type=click.IntRange(min=1))
@click.option("--repeats", default=3, show_default=True, type=click.IntRange(min=1), help="The best counts.")
@click.option("--seed", default=20250701, show_default=True)
def main(each: int, repeats: int, seed: int) -> None:
    """Measure, print JSON, and end with 1 where the target is missed."""
    people = Registry(seed)
    numbers = count()
    places = communes()

    def make() -> Dossier:
        number = next(numbers)  # never the same number twice, so no cache helps
        place = places[number % len(places)]
        return people.dossier(number, province=place.province, commune=place.code)

    made = max(_rate(make, each) for _ in range(repeats))
    digested = max(_rate(lambda: make().digest(), each) for _ in range(repeats))
    sent = max(_rate(lambda: _send(make()), each) for _ in range(repeats))
    sizes = sorted(a.size for d in (make() for _ in range(1_000)) for a in d.attachments)
    result = {
        "dossiers": each,
        "made_per_second": round(made),
        "digested_per_second": round(digested),
        "sent_per_second": round(sent),
        "attachment_bytes_median": sizes[len(sizes) // 2],
        "attachments_per_dossier": round(len(sizes) / 1_000, 2),
        "target_made_per_second": TARGET,
        "target_met": made >= TARGET,
    }
    click.echo(json.dumps(result, indent=2))
    raise SystemExit(0 if made >= TARGET else 1)


def _send(dossier: Dossier) -> int:
    dossier.digest()
    return sum(len(each.content()) for each in dossier.attachments)


def _rate(work: Callable[[], object], each: int) -> float:
    """Call ``work`` ``each`` times and give calls per second of processor time."""
    start = time.process_time()
    for _ in range(each):
        work()
    return each / (time.process_time() - start)


if __name__ == "__main__":
    main()
