"""What was meant to be stored and charged: the lines of ``intents.<w>.jsonl``, one row per intent.

Millions of lines are kept as columns from the first: a line is an object only while its block is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Annotated, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reports.columns import Names
from reports.journal_writer import column
from reports.plan import Plan

Ints = npt.NDArray[np.int64]

Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

OUTCOMES = ("failed", "unknown", "ok")
"""From the weakest to the strongest: where an intent ended more than once, a late answer tells more than a
time-out."""
FAILED, UNKNOWN, OK = range(len(OUTCOMES))


_JOIN = 32
"""Blocks whose texts are copied into one array: else the little pieces of millions would stay between what
lives long, and their memory with them."""


class IntentLine(msgspec.Struct, gc=False):  # there are millions, and none refers to another
    """One line of ``intents.<w>.jsonl``."""

    event: Literal["invoke", "ok", "failed", "unknown"]
    intent: str
    at: Integer
    kind: Literal["submission", "payment"] = "submission"
    arrival: Integer = -1
    system: str = ""
    province: str = ""
    commune: str = ""
    procedure: str = ""
    dossier: str = ""
    amount: Integer = 0
    digest: str = ""
    status: Integer = 0
    record: str = ""


class _Lines:
    """Lines as columns, block by block: ``texts`` differ from line to line, ``names`` repeat."""

    def __init__(self, texts: Sequence[str], names: Sequence[str], numbers: Sequence[str]) -> None:
        self._texts: dict[str, tuple[list[pa.Array], list[pa.Array]]] = {name: ([], []) for name in texts}
        self._names = {name: (Names(), [np.zeros(0, dtype=np.int8)]) for name in names}
        self._numbers = {name: [np.zeros(0, dtype=np.int64)] for name in numbers}

    def add(self, lines: list[IntentLine]) -> None:
        for name, (joined, blocks) in self._texts.items():
            blocks.append(column(list(map(attrgetter(name), lines)), pa.string()))
            if len(blocks) == _JOIN:
                joined.append(pa.concat_arrays(blocks))
                blocks.clear()
        for name, (known, codes) in self._names.items():
            values = column(list(map(attrgetter(name), lines)), pa.string())
            codes.append(known.codes(values.dictionary_encode()))
        for name, numbers in self._numbers.items():
            numbers.append(np.fromiter(map(attrgetter(name), lines), np.int64, len(lines)))

    def text(self, name: str) -> pa.Array:
        """All values of a column; empties it."""
        joined, blocks = self._texts.pop(name)
        return pa.chunked_array([*joined, *blocks], pa.string()).cast(pa.large_string()).combine_chunks()

    def name(self, name: str) -> pd.Categorical:
        known, codes = self._names[name]
        return known.category(np.concatenate(codes))

    def number(self, name: str) -> Ints:
        return np.concatenate(self._numbers.pop(name))


def fold_intents(blocks: Iterable[list[IntentLine]], t0: int) -> pd.DataFrame:
    """One row per intent: its invocation, and the strongest of its ends (ok > unknown > failed).

    ``at`` and ``ended`` are seconds relative to ``t0`` (nanoseconds); ``attempts`` counts the ends. Names are
    categories, ids and digests Arrow's strings. An invocation without an end is ``unknown``. An end whose
    invocation is not on record cannot be (the line is written before the first byte is sent) unless a journal
    is missing; it is left out.
    """
    invoked = _Lines(
        ("intent", "dossier", "digest"),
        ("kind", "system", "province", "commune", "procedure"),
        ("at", "arrival", "amount"),
    )
    ended = _Lines(("intent", "record"), ("event",), ("at", "status"))
    for lines in blocks:
        invoked.add([line for line in lines if line.event == "invoke"])
        ended.add([line for line in lines if line.event != "invoke"])
    intents = invoked.text("intent")
    first = _first_of_each(intents)
    intents = _taken(intents, first)
    events = ended.name("event")
    ranks = np.array([OUTCOMES.index(name) for name in events.categories], np.int64)[events.codes]
    strongest, attempts = _strongest(ended.text("intent"), ranks, intents)
    texts = pa.table(
        {
            "intent": intents,
            "dossier": _taken(invoked.text("dossier"), first),
            "digest": _taken(invoked.text("digest"), first),
            "record": _texts_at(ended.text("record"), strongest),
        }
    ).to_pandas()
    never = strongest < 0
    at_end = np.append((ended.number("at") - t0) / 1e9, np.nan)
    outcome = np.append(ranks, UNKNOWN)[strongest]
    order = slice(None) if first is None else first
    return pd.DataFrame(
        {
            "intent": texts["intent"],
            "kind": invoked.name("kind")[order],
            "at": (invoked.number("at")[order] - t0) / 1e9,
            "arrival": invoked.number("arrival")[order],
            **{name: invoked.name(name)[order] for name in ("system", "province", "commune", "procedure")},
            "dossier": texts["dossier"],
            "amount": invoked.number("amount")[order],
            "digest": texts["digest"],
            "outcome": pd.Categorical.from_codes(outcome, categories=pd.Index(OUTCOMES, dtype="str")),
            "ended": at_end[strongest],
            "status": np.where(never, 0, np.append(ended.number("status"), 0)[strongest]),
            "record": texts["record"],
            "attempts": attempts,
        },
        copy=False,
    )


def files_handed_in(intents: pd.DataFrame, samples: pd.DataFrame, plan: Plan) -> Ints:
    """Per intent how many files its visitor had put up at the system that it was meant for.

    A file counts when its upload was answered rightly (step ``attach``); 0 where there was none.
    """
    callees = {name: link.callee for name, link in plan.link_ends.items()}
    right = (samples["outcome"] == "ok") & samples["status"].between(200, 299)
    uploads = samples.loc[right & (samples["step"] == "attach"), ["arrival", "link"]]
    systems = {name: number for number, name in enumerate(intents["system"].cat.categories)}
    if uploads.empty or not systems:
        return np.zeros(len(intents), dtype=np.int64)
    links = uploads["link"].cat
    at = np.array([systems.get(callees.get(str(link), ""), -1) for link in links.categories])[links.codes]
    put_up = uploads["arrival"].to_numpy(np.int64) * len(systems) + at
    known, counts = np.unique(put_up[at >= 0], return_counts=True)
    sought = intents["arrival"].to_numpy() * len(systems) + intents["system"].cat.codes.to_numpy()
    found = np.searchsorted(known, sought)
    hit = (found < len(known)) & (np.append(known, -1)[found] == sought)
    return np.where(hit, np.append(counts, 0)[found], 0)


def _first_of_each(intents: pa.Array) -> Ints | None:
    """The places at which each intent stands first; None where each stands once."""
    coded = intents.dictionary_encode()
    if len(coded.dictionary) == len(intents):
        return None
    return np.sort(np.unique(coded.indices.to_numpy(), return_index=True)[1])


def _taken(texts: pa.Array, places: Ints | None) -> pa.Array:
    return texts if places is None else texts.take(pa.array(places))


def _strongest(ended: pa.Array, ranks: Ints, intents: pa.Array) -> tuple[Ints, Ints]:
    """Per intent the place of its strongest end (of equals the first; -1: none), and how often it ended."""
    of = pc.index_in(ended, value_set=intents).fill_null(-1).to_numpy(zero_copy_only=False)
    order = np.lexsort((-ranks, of))
    first = np.append(True, of[order][1:] != of[order][:-1])[: len(order)] & (of[order] >= 0)
    strongest = np.full(len(intents), -1, dtype=np.int64)
    strongest[of[order][first]] = order[first]
    return strongest, np.bincount(of[of >= 0], minlength=len(intents))


def _texts_at(texts: pa.Array, places: Ints) -> pa.Array:
    """The texts at these places; "" at -1."""
    return pc.fill_null(texts.take(pa.array(places, mask=places < 0)), "")
