"""The journal of a run: which files a run folder holds, their columns, and how they are written.

Everything that is judged is judged from these files. All instants are nanoseconds of the conductor's
``CLOCK_MONOTONIC``, to which workers of other hosts convert theirs; ``run.json`` says where T0 lies on it.

===========================  ==============  =========================================================
file                         format          one row or line is
===========================  ==============  =========================================================
``plan.json``                JSON            (whole file) the plan: every default filled, every number fixed
``arrivals.arrow``           Arrow file      one planned arrival, in the order of time
``run.json``                 JSON            (whole file) clock, versions, processes, how the run ended
``events.jsonl``             JSON lines      something the conductor did or saw
``samples.<w>.arrows``       Arrow stream    one request of a citizen or official, as worker ``w`` saw it
``intents.<w>.jsonl``        JSON lines      an intent invoked or ended, written before its first byte is sent
``visits.<w>.arrows``        Arrow stream    one arrival that worker ``w`` began, or dropped as too late
``counts.<w>.i64``           :data:`COUNTS`  (whole file) what worker ``w`` has counted
``pulse.<p>.arrows``         Arrow stream    how punctually process ``p`` runs, 20 times a second
``probes.arrows``            Arrow stream    one request of the prober, which shares no code with the swarm
``received.<p>.arrows``      Arrow stream    one request that a mock of process ``p`` received
``calls.<p>.arrows``         Arrow stream    one request that a mock of process ``p`` sent to another system
``stored.arrow``             Arrow file      one record found in a system's store after the drain
``<stream>.arrows.crc``      binary          offset, length and CRC-32 of the bytes of one flush of a stream
===========================  ==============  =========================================================

``<w>`` is the number of a worker. ``<p>`` is a process: ``worker-0``, ``mocks-provinces.1`` (the first life
of a process of mocks).

Arrow streams are flushed about once a second, batch by batch, so that a killed process loses at most
the last second; a torn last batch is dropped by the reader and counted. The writers are in
:mod:`reports.journal_writer`, the readers in :mod:`reports.journal_reader`.
"""

from __future__ import annotations

import pyarrow as pa

_NAME = pa.dictionary(pa.int32(), pa.string())
"""A name that repeats; batches carry dictionary deltas or replacements."""

ARRIVALS = pa.schema(
    [
        ("arrival", pa.int32()),  # 0, 1, 2, ... in the order of time
        (
            "planned",
            pa.int64(),
        ),  # nanoseconds after T0 (negative before it): the plan does not know the clock
        ("actor", pa.string()),  # citizen, official
        ("journey", pa.string()),
        ("province", pa.string()),  # code of one of the 34
        ("commune", pa.string()),
        ("old_province", pa.string()),  # code of one of the 63: whose portal or bookmark this visitor has
        ("entrance", pa.string()),  # national-portal, provincial-portal, old-bookmark or case-system
        ("subject", pa.int32()),  # number of the synthetic person or dossier behind the arrival
    ]
)

SAMPLES = pa.schema(
    [
        ("arrival", pa.int32()),
        ("journey", _NAME),
        ("step", _NAME),
        ("province", _NAME),
        ("link", _NAME),  # the link the request went through
        ("attempt", pa.int16()),  # 1 = first try
        ("planned", pa.int64()),  # when the visitor meant to send it
        ("sent", pa.int64()),  # when its first packet was sent: that of the connection, where one is opened
        ("done", pa.int64()),  # when the answer was complete, or was given up
        ("status", pa.int16()),  # HTTP status, 0 where none came
        # ok (a right answer), failed (a definite failure), unknown (may have had its effect)
        ("outcome", _NAME),
        # "", connect, reset, timeout, protocol, too-large, http-<status>, wrong-<what>, cut (swarm stopped)
        ("error", _NAME),
        ("bytes_sent", pa.int32()),
        ("bytes_received", pa.int32()),
        ("trace", pa.string()),  # W3C trace id, 32 hex digits: one per arrival
        ("span", pa.string()),  # W3C span id, 16 hex digits: one per request
    ]
)

VISITS = pa.schema(
    [
        ("arrival", pa.int32()),
        ("at", pa.int64()),  # when the visit began, or was dropped
        ("done", pa.int64()),
        # finished, gave-up (a visitor lost patience), cut (swarm stopped), crashed (the journey's own code),
        # dropped (too late to be the load that was planned: never begun)
        ("end", _NAME),
    ]
)

COUNTS = ("begun", "recorded", "started", "dropped", "ended", "at")
"""What ``counts.<w>.i64`` holds: one little-endian 64-bit integer each, in a memory-mapped file that the
worker changes with every request, so that ``kill -9`` cannot take it back: requests begun, samples recorded,
visits started, arrivals dropped, visits ended, and the instant of the last change.

``begun`` − samples in the journal is what the death of a worker has cost."""

PULSE = pa.schema(
    [
        ("process", _NAME),
        ("at", pa.int64()),  # when the event loop came to it
        ("loop_lag", pa.int64()),  # nanoseconds later than it had asked for
        # nanoseconds that a native thread of the same process woke too late, the worst since the row before:
        # late as well means that the process lacked the CPU; punctual, that its own event loop was busy
        ("thread_lag", pa.int64()),
        ("cpu", pa.int64()),  # nanoseconds of CPU that the process has used since its start
        (
            "waited",
            pa.int64(),
        ),  # nanoseconds that its main thread was ready to run and had no CPU, since start
        ("in_flight", pa.int32()),  # requests under way: sent and unanswered, or received and unanswered
        ("rss", pa.int64()),  # bytes of memory that the process has resident; 0 where the system does not say
    ]
)

PROBES = pa.schema(
    [
        ("step", _NAME),  # the swarm's step that sends the same request
        ("link", _NAME),
        ("planned", pa.int64()),
        ("sent", pa.int64()),
        ("done", pa.int64()),
        ("status", pa.int16()),
        ("error", _NAME),  # "" for an answer with status 200
    ]
)

RECEIVED = pa.schema(
    [
        ("system", _NAME),
        ("operation", _NAME),
        ("caller", _NAME),  # as the caller names itself; "" where it does not
        ("at", pa.int64()),  # when the request was complete at the system
        ("done", pa.int64()),  # when its answer was handed to the network
        ("queued_us", pa.int64()),  # microseconds of waiting for a free server of the declared capacity
        ("service_us", pa.int64()),  # microseconds of service by the declared capacity
        ("status", pa.int16()),
        ("key", pa.string()),  # idempotency key or dossier code; "" where there is none
        ("trace", pa.string()),
        ("parent", pa.string()),  # span id of the request at its caller
    ]
)

CALLS = pa.schema(
    [
        ("caller", _NAME),
        ("callee", _NAME),
        ("link", _NAME),
        ("operation", _NAME),
        ("attempt", pa.int16()),
        ("at", pa.int64()),
        ("done", pa.int64()),
        ("status", pa.int16()),  # 0 where no answer came
        ("error", _NAME),  # "", connect, reset, timeout, breaker-open, http-<status>
        ("key", pa.string()),
        ("trace", pa.string()),
        ("span", pa.string()),
    ]
)

STORED = pa.schema(
    [
        ("system", pa.string()),  # national-portal, case-15, portal-10, payment, ...
        ("kind", pa.string()),  # dossier, charge
        ("record", pa.string()),  # dossier code, or id of the charge
        ("intent", pa.string()),  # idempotency key under which it came; "" for what was carried over
        ("dossier", pa.string()),  # dossier code the record belongs to
        ("province", pa.string()),  # province code the record says it is for
        ("commune", pa.string()),
        ("procedure", pa.string()),
        ("status", pa.int16()),  # 1-10; 0 for charges
        ("history", pa.string()),  # statuses in the order they were taken, "1,2,4,9,10"
        ("digest", pa.string()),  # SHA-256 of the content, as the system computes it from what it holds
        ("amount", pa.int64()),  # dong
        ("at", pa.int64()),  # when it was stored first; 0 for what was carried over
        ("stamped", pa.int64()),  # Unix seconds that the system's own calendar showed then; 0: not said
        ("receipt", pa.string()),  # dossiers: id of the charge by which the system holds it paid, or ""
        ("files", pa.int16()),  # dossiers: attached files that the record refers to
    ]
)
