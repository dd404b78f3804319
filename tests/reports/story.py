"""What happens on the night of :mod:`tests.reports.factory`, arrival by arrival."""

from __future__ import annotations

from tests.reports.factory import CLOSED_PROCEDURE, PROVINCES, Night, ns

FEE = 150_000
"""Dong."""
LAST = 5.0
"""Seconds before the end of the night."""
TRACE = f"{0xDEC1DE:032x}"
WEIGHTS = [7 if code in ("01", "79") else 1 for code in PROVINCES]


def play(run: Night, rate: float) -> None:
    """Let visitors come, ``rate`` per second, and let the systems do what they must."""
    clock = run.plan["clock"]
    at = clock["start"]
    codes = list(PROVINCES)
    # each province has at least one dossier, however short the night
    first = iter([*codes, *codes])
    while True:
        at += run.rng.expovariate(rate)
        if at >= clock["end"] - 1.5:
            break
        chance = run.rng.random()
        code = run.rng.choices(codes, WEIGHTS)[0]
        if at > 0 and (forced := next(first, None)):
            code, chance = forced, 0.1
        if chance < 0.5:
            _submit_old(run, at, code) if at < 0 else _submit(run, at, code)
        elif chance < 0.56:
            _old_bookmark(run, at, code) if at >= 0 else _track(run, at, code)
        else:
            _track(run, at, code)
    for code in codes:
        _carried_over(run, code)
    _looks(run)
    _tries_closed_procedure(run)
    _events(run)


def _took(run: Night, typical: float = 0.02) -> float:
    return min(typical * run.rng.lognormvariate(0, 0.5), 0.4)


def _in(run: Night, fault: str, at: float) -> bool:
    window = next((f for f in run.plan["faults"] if f["name"] == fault), None)
    return bool(window and window["start"] <= at < window["end"])


def _sign_in(run: Night, arrival: tuple[int, str], at: float) -> float:
    slow = 0.3 if _in(run, "vneid-slow", at) else 0.0
    return run.request(arrival, "sign-in", "citizens--vneid", at, slow + _took(run))


def _submit(run: Night, at: float, code: str) -> None:
    arrival = run.arrive(at, "submit-dossier", code)
    number, trace = arrival
    at = _sign_in(run, arrival, at) + 0.05
    took = _took(run, 0.05)
    run.call("national-portal--procedures", "procedure", at + took * 0.2, took * 0.4, trace)
    done = run.request(arrival, "submit", "citizens--national-portal", at, took, status=201)
    dossier = f"000.00.{code}.H-{number:06d}"
    intent = run.intend(
        "submission", number, "national-portal", code, at, outcome="ok", until=done, record=dossier
    )
    held = run.store("national-portal", dossier, intent, done - 0.001)
    delivered = _forward(run, code, done + 0.1, trace)
    run.store(f"case-{code}", dossier, intent, delivered)
    run.call(f"case-{code}--lgsp-{code}", "status", delivered + 0.1, _took(run), trace)
    if number % 3 == 0:
        intent["amount"] = FEE
        held["receipt"] = _pay(run, arrival, done + 0.05, code, dossier)


def _forward(run: Night, code: str, at: float, trace: str) -> float:
    if code == "01" and _in(run, "lgsp-01-cut", at + 0.01):
        run.call("national-portal--lgsp-01", "dossier", at, 0.02, trace, status=502, error="http-502")
        run.call(
            "lgsp-01--case-01", "dossier", at + 0.01, 0.002, trace, status=0, error="connect", reaches=False
        )
        window = next(f for f in run.plan["faults"] if f["name"] == "lgsp-01-cut")
        at = window["end"] + 0.1 + run.rng.random() * 0.3
    run.call(f"national-portal--lgsp-{code}", "dossier", at, 0.03, trace, status=201)
    return run.call(f"lgsp-{code}--case-{code}", "dossier", at + 0.005, 0.02, trace, status=201)


def _pay(run: Night, arrival: tuple[int, str], at: float, code: str, dossier: str) -> str:
    """A payment; the charge by which it was taken."""
    number, trace = arrival
    lost = _in(run, "payment-ack-lost", at)
    took = 0.8 if lost else _took(run, 0.06)
    charged = at + took * 0.2
    if lost:  # taken, but nobody hears of it; tried again under the same key
        run.call("national-portal--payment", "charge", charged, 0.4, trace, status=0, error="timeout")
    else:
        run.call("national-portal--payment", "charge", charged, took * 0.4, trace, status=201)
    done = run.request(arrival, "pay", "citizens--national-portal", at, took, status=201)
    charge = f"CH-{number:06d}"
    intent = run.intend(
        "payment", number, "national-portal", code, at, outcome="ok", until=done, record=charge,
        dossier=dossier, amount=FEE,
    )  # fmt: skip
    run.store("payment", charge, intent, charged, kind="charge")
    return charge


def _submit_old(run: Night, at: float, code: str) -> None:
    arrival = run.arrive(at, "submit-at-province", code)
    number, trace = arrival
    took = _took(run, 0.05)
    run.call(f"portal-{code}--case-{code}", "dossier", at + took * 0.2, took * 0.5, trace, status=201)
    done = run.request(arrival, "submit-at-province", f"citizens--portal-{code}", at, took, status=201)
    dossier = f"000.00.{code}.H-{number:06d}"
    intent = run.intend(
        "submission", number, f"portal-{code}", code, at, outcome="ok", until=done, record=dossier
    )
    for system in (f"portal-{code}", f"case-{code}", "national-portal"):
        run.store(system, dossier, intent, min(at + took * 0.5, -0.001))
    run.call(f"case-{code}--lgsp-{code}", "DongBoHoSoMC", done + 0.1, 0.02, trace)
    run.call(f"lgsp-{code}--national-portal", "DongBoHoSoMC", done + 0.105, 0.01, trace)


def _old_bookmark(run: Night, at: float, code: str) -> None:
    arrival = run.arrive(at, "old-bookmark", code)
    done = run.request(
        arrival, "submit-at-closed-portal", f"citizens--portal-{code}", at, _took(run), status=410
    )
    run.intend("submission", arrival[0], f"portal-{code}", code, at, outcome="failed", until=done, status=410)


def _track(run: Night, at: float, code: str) -> None:
    arrival = run.arrive(at, "track-dossier", code)
    run.request(arrival, "track", "citizens--national-portal", at, _took(run))


def _looks(run: Night) -> None:
    """Those who handed in last look at once where their dossier stands."""
    ends = {row["intent"]: row for row in run.intents if row["event"] == "ok"}
    for row in list(run.intents):
        end = ends.get(row["intent"])
        if (
            end
            and row["event"] == "invoke"
            and row["kind"] == "submission"
            and row["at"] > ns(run.plan["clock"]["end"] - LAST)
        ):
            at = (end["at"] - ns(0)) / 1e9 + 0.05
            run.request((row["arrival"], TRACE), "track", "citizens--national-portal", at, _took(run))


def _tries_closed_procedure(run: Night) -> None:
    """Two visitors also hand in a dossier for a procedure that was abolished."""
    late = [row for row in run.arrivals if row["planned"] / 1e9 > run.plan["clock"]["end"] - LAST]
    for row in late[:2]:
        arrival, at = (row["arrival"], TRACE), row["planned"] / 1e9 + 0.5
        done = run.request(
            arrival, "refused-closed-procedure", "citizens--national-portal", at, _took(run), status=404
        )
        intent = run.intend(
            "submission", row["arrival"], "national-portal", row["province"], at, outcome="failed",
            until=done, status=404,
        )  # fmt: skip
        intent["procedure"] = CLOSED_PROCEDURE


def _carried_over(run: Night, code: str) -> None:
    before = {
        "intent": "", "province": code, "commune": "00001", "procedure": "1.004222", "dossier": "",
        "digest": "c" * 64, "amount": 0,
    }  # fmt: skip
    for number in range(3):
        for system in ("national-portal", f"case-{code}"):
            run.store(system, f"000.00.{code}.H-old-{number}", before, None, status=4, history="1,2,4")


def _events(run: Night) -> None:
    clock = run.plan["clock"]
    run.events.append({"at": ns(clock["start"] - 5), "event": "phase", "phase": "set-up"})
    run.events.append(
        {"at": ns(clock["start"] - 4), "event": "links-checked", "links": len(run.plan["links"])}
    )
    run.events.append({"at": ns(clock["start"]), "event": "phase", "phase": "load"})
    for fault in run.plan["faults"]:
        links = fault["links"]
        run.events.append(
            {
                "at": ns(fault["start"]),
                "event": "fault-applied",
                "fault": fault["name"],
                "links": links,
                "state": {},
            }
        )
        run.events.append(
            {
                "at": ns(fault["end"]),
                "event": "fault-healed",
                "fault": fault["name"],
                "links": links,
                "proved": links,
            }
        )
    for phase, at in (("heal", 0.1), ("drain", 0.2), ("read-stores", 4.0), ("done", 5.0)):
        run.events.append({"at": ns(clock["end"] + at), "event": "phase", "phase": phase})
