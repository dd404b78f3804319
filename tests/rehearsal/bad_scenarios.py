"""Scenario files with one mistake each: a good one, and the line that spoils it.

A case says which problem must be reported: the place, the value as written, and what is offered instead.
"""

# ruff: noqa: E501 -- a table reads best with one case on each line

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NAME = "evening"

GOOD = """\
[scenario]
name = "evening"
title = { vi = "Buổi tối", en = "Evening" }
hypothesis = { vi = "Không gián đoạn.", en = "No interruption." }
date = 2025-07-01T00:00:00+07:00
requirements = ["VP318-0-2"]
owner = "Head of the rehearsal"
expect = "met"
seed = 7

[clock]
start = "-10s"
end = "+50s"
warm_up = "5s"
drain_limit = "20s"

[visitors]
patience = "10s"
retries = 2

[[arrivals]]
actor = "citizen"
weights = "population"
journeys = { read-procedure = 3, submit-dossier = 1 }
phases = [
    { shape = "constant", for = "20s", rate = 10 },
    { shape = "step", for = "40s", from = 10, to = 20, steps = 4 },
]
provinces = { "79" = { factor = 1.5 } }

[[arrivals]]
actor = "official"
journeys = { process-dossiers = 1 }
phases = [{ shape = "hourly", for = "1m", daily = 80_000, from_hour = 22, to_hour = 2 }]

[[faults]]
name = "vneid-slow"
kind = "slow"
links = ["national-portal--vneid"]
latency = "800ms"
at = "+5s"
for = "10s"
recover_within = "5s"

[[faults]]
name = "north-cut"
kind = "cut"
links = ["lgsp-1*--case-1*"]
at = "+20s"
for = "10s"
recover_within = "5s"

[systems.vneid]
servers = 4
service_time = { distribution = "lognormal", mean = "30ms", sigma = 0.4 }

[systems.lgsp-24]
defects = ["not-connected"]

[[slo]]
name = "submit"
title = { vi = "Nộp hồ sơ", en = "Hand in" }
journeys = ["submit-dossier"]
steps = ["submit"]
within = "3s"
objective = 0.99

[[slo]]
name = "read"
title = { vi = "Đọc", en = "Read" }
journeys = ["read-procedure"]
within = "1s"
objective = 0.9

[validity]
offered_within = 0.01
lag_p99 = "250ms"
minimum_samples = 10
"""


@dataclass(frozen=True)
class Bad:
    """``old`` of the good file is written as ``new``; then ``place``, ``value`` and ``offers`` are reported.

    ``place`` is what follows the file's name.
    """

    name: str
    old: str
    new: str
    place: str
    value: str
    offers: str

    @property
    def text(self) -> str:
        """The whole file."""
        if GOOD.count(self.old) != 1:
            raise ValueError(
                f"{self.name}: {self.old!r} stands {GOOD.count(self.old)} times in the good file"
            )
        return GOOD.replace(self.old, self.new)

    def write(self, folder: Path) -> Path:
        """The file on disk, under the name that it says."""
        path = folder / f"{NAME}.toml"
        path.write_text(self.text, encoding="utf-8")
        return path


NORTH = 'kind = "cut"\nlinks = ["lgsp-1*--case-1*"]'
"""What the second fault of the good file is."""

BAD = (
    # names that do not exist
    Bad("unknown-key", "patience =", "patince =", ": visitors.patince", '"10s"', '"patience"'),
    Bad("unknown-table", "[clock]", "[clok]", ": clok", '{start = "-10s", end = "+50s", warm_up = "5s", dra', '"clock"'),
    Bad("unknown-key-at-the-top", "[scenario]", 'bse = "smoke"\n[scenario]', ": bse", '"smoke"', '"base"'),
    Bad("unknown-key-of-phase", "rate = 10", "rte = 10", ": arrivals[0].phases[0].rte", "10", '"rate"'),
    Bad("unknown-fault-parameter", "latency =", "latncy =", ": faults[0].latncy", '"800ms"', '"latency"'),
    Bad("parameter-of-another-fault", 'kind = "cut"', 'kind = "cut"\njitter = "1s"', ": faults[1].jitter", '"1s"', '"at"'),
    Bad("unknown-key-of-system", "servers = 4", "server = 4", ": systems.vneid.server", "4", '"servers"'),
    Bad("unknown-language", 'en = "Evening"', 'eng = "Evening"', ": scenario.title.eng", '"Evening"', '"en"'),
    Bad("unknown-journey", "{ read-procedure = 3", "{ read-procedur = 3", ": arrivals[0].journeys.read-procedur", '"read-procedur"', '"read-procedure"'),
    Bad("journey-of-another-actor", "{ process-dossiers = 1", "{ submit-dossier = 1", ": arrivals[1].journeys.submit-dossier", '"submit-dossier"', '"process-dossiers"'),
    Bad("unknown-actor", 'actor = "official"', 'actor = "oficial"', ": arrivals[1].actor", '"oficial"', '"official"'),
    Bad("unknown-weights", '"population"', '"populaton"', ": arrivals[0].weights", '"populaton"', '"population"'),
    Bad("unknown-province", '{ "79" =', '{ "790" =', ": arrivals[0].provinces.790", '"790"', '"79"'),
    Bad("unknown-shape", 'shape = "constant"', 'shape = "konstant"', ": arrivals[0].phases[0].shape", '"konstant"', '"constant"'),
    Bad("unknown-fault", 'kind = "cut"', 'kind = "cutt"', ": faults[1].kind", '"cutt"', '"cut"'),
    Bad("unknown-link", '"national-portal--vneid"', '"national-portal--vnied"', ": faults[0].links[0]", '"national-portal--vnied"', '"national-portal--vneid"'),
    Bad("glob-without-link", '"lgsp-1*--case-1*"', '"lgps-*--case-*"', ": faults[1].links[0]", '"lgps-*--case-*"', '"lgsp-'),
    Bad("systems-of-a-fault-of-links", NORTH, 'kind = "cut"\nsystems = ["vneid"]', ": faults[1].systems", '["vneid"]', 'a fault of kind "cut" does not say where like this: write links = ["citizens--vneid"]'),
    Bad("links-of-a-fault-of-systems", NORTH, 'kind = "errors"\nlinks = ["citizens--vneid"]', ": faults[1].links", '["citizens--vneid"]', 'write systems = ["vneid"]'),
    Bad("links-beside-systems", NORTH, 'kind = "killed"\nsystems = ["vneid"]\nlinks = ["citizens--vneid"]', ": faults[1].links", '["citizens--vneid"]', 'write systems = ["vneid"]'),
    Bad("links-of-a-partition", NORTH, 'kind = "partition"\nlinks = ["citizens--vneid"]', ": faults[1].links", '["citizens--vneid"]', 'write provinces = ["15"]'),
    Bad("unknown-province-of-a-partition", NORTH, 'kind = "partition"\nprovinces = ["15", "19a"]', ": faults[1].provinces[1]", '"19a"', '"19"'),
    Bad("unknown-system-of-a-fault", NORTH, 'kind = "killed"\nsystems = ["vnied"]', ": faults[1].systems[0]", '"vnied"', 'matches no system, and is no kind of systems; did you mean "vneid"?'),
    Bad("glob-without-system", NORTH, 'kind = "killed"\nsystems = ["lgps-*"]', ": faults[1].systems[0]", '"lgps-*"', '"lgsp-'),
    Bad("parameter-of-another-place", NORTH, 'kind = "killed"\nsystems = ["vneid"]\nshare = 0.5', ": faults[1].share", "0.5", "legal: name, kind, at, for, recover_within, requirements, systems"),
    Bad("fault-without-place", NORTH, 'kind = "killed"', ": faults[1].systems", "", "must be given"),
    Bad("unknown-system", "[systems.lgsp-24]", "[systems.lgsp-23]", ": systems.lgsp-23", '"lgsp-23"', '"lgsp-'),
    Bad("unknown-defect", '"not-connected"', '"unconnected"', ": systems.lgsp-24.defects[0]", '"unconnected"', '"not-connected"'),
    Bad("defect-of-another-kind", '"not-connected"', '"no-idempotency"', ": systems.lgsp-24.defects[0]", '"no-idempotency"', '"not-connected"'),
    Bad("unknown-distribution", '"lognormal"', '"log-normal"', ": systems.vneid.service_time.distribution", '"log-normal"', '"lognormal"'),
    Bad("unknown-requirement", '"VP318-0-2"', '"VP318-0-22"', ": scenario.requirements[0]", '"VP318-0-22"', '"VP318-0-2"'),
    Bad("unknown-expectation", 'expect = "met"', 'expect = "MET"', ": scenario.expect", '"MET"', '"met"'),
    Bad("unknown-step", 'steps = ["submit"]', 'steps = ["submitt"]', ": slo[0].steps[0]", '"submitt"', '"submit"'),
    Bad("step-of-another-journey", 'steps = ["submit"]', 'steps = ["consent"]', ": slo[0].steps[0]", '"consent"', "is no step of the journeys of this objective"),
    Bad("journey-nobody-makes", 'journeys = ["read-procedure"]', 'journeys = ["sign-in"]', ": slo[1].journeys[0]", '"sign-in"', "read-procedure"),
    Bad("unknown-base", "[scenario]", 'base = "closing-nigth"\n[scenario]', ": base", '"closing-nigth"', '"closing-night"'),
    # values of the wrong kind
    Bad("duration-without-unit", 'patience = "10s"', "patience = 10", ": visitors.patience", "10", '"10s"'),
    Bad("duration-with-unknown-unit", 'patience = "10s"', 'patience = "10sec"', ": visitors.patience", '"10sec"', '"20s"'),
    Bad("objective-shows-what-is-not-tested", 'within = "3s"', 'within = "3s"\nrequirements = ["LC-1-6"]', ": slo[0].requirements[0]", '"LC-1-6"', '"VP318-0-2"'),
    Bad("fault-shows-what-is-not-tested", NORTH, NORTH + '\nrequirements = ["LC-1-6"]', ": faults[1].requirements[0]", '"LC-1-6"', '"VP318-0-2"'),
    Bad("duration-of-nothing", 'within = "3s"', 'within = "0s"', ": slo[0].within", '"0s"', "greater than 0"),
    Bad("moment-without-sign", 'at = "+5s"', 'at = "5s"', ": faults[0].at", '"5s"', '"+5s"'),
    Bad("number-in-quotes", "retries = 2", 'retries = "2"', ": visitors.retries", '"2"', "a whole number"),
    Bad("not-a-number", "rate = 10", "rate = nan", ": arrivals[0].phases[0].rate", "nan", "a finite number"),
    Bad("table-expected", 'title = { vi = "Đọc", en = "Read" }', 'title = "Read"', ": slo[1].title", '"Read"', "a table"),
    Bad("array-expected", 'links = ["national-portal--vneid"]', 'links = "national-portal--vneid"', ": faults[0].links", '"national-portal--vneid"', "an array"),
    Bad("date-without-offset", "00:00:00+07:00", "00:00:00", ": scenario.date", "2025-07-01T00:00:00", "2025-07-01T00:00:00+07:00"),
    Bad("no-date", "2025-07-01T00:00:00+07:00", '"1 July"', ": scenario.date", '"1 July"', "2025-07-01T00:00:00+07:00"),
    Bad("objective-in-per-cent", "objective = 0.99", "objective = 99.0", ": slo[0].objective", "99.0", "less than 1"),
    Bad("negative-seed", "seed = 7", "seed = -7", ": scenario.seed", "-7", "greater than or equal to 0"),
    Bad("one-stair", "steps = 4", "steps = 1", ": arrivals[0].phases[1].steps", "1", "greater than or equal to 2"),
    Bad("hour-25", "from_hour = 22", "from_hour = 25", ": arrivals[1].phases[0].from_hour", "25", "less than or equal to 23"),
    Bad("weight-of-nothing", "submit-dossier = 1", "submit-dossier = 0", ": arrivals[0].journeys.submit-dossier", "0", "greater than 0"),
    Bad("capitals-in-a-name", '"vneid-slow"', '"VNeID slow"', ": faults[0].name", '"VNeID slow"', '"vneid-slow"'),
    # something missing
    Bad("missing-key", 'owner = "Head of the rehearsal"\n', "", ": scenario.owner", "", "must be given"),
    Bad("missing-shape", 'shape = "constant", ', "", ": arrivals[0].phases[0].shape", "", "ramp"),
    Bad("no-links", '["national-portal--vneid"]', "[]", ": faults[0].links", "[]", "at least one"),
    Bad("empty-text", 'vi = "Đọc"', 'vi = ""', ": slo[1].title.vi", '""', "must not be empty"),
    # values that do not go together
    Bad("phases-too-short", 'for = "20s", rate', 'for = "15s", rate', ": arrivals[0].phases", "55s in all", "lengthen a phase by 5s"),
    Bad("phases-of-a-province-too-long", "{ factor = 1.5 }", '{ phases = [{ shape = "constant", for = "61s", rate = 1 }] }', ": arrivals[0].provinces.79.phases", "1m1s in all", "shorten a phase by 1s"),
    Bad("nobody-arrives", '{ shape = "hourly", for = "1m", daily = 80_000, from_hour = 22, to_hour = 2 }', '{ shape = "constant", for = "1m", rate = 0 }', ": arrivals[1].phases", "0 arrivals in all", "more than 0"),
    Bad("too-many-arrive", "rate = 10 }", "rate = 100_000 }", ": arrivals[0].phases", "arrivals in all", "at most 2,000,000"),
    Bad("clock-runs-backwards", 'end = "+50s"', 'end = "-50s"', ": clock.end", '"-50s"', "T0-10s"),
    Bad("all-warm-up", 'warm_up = "5s"', 'warm_up = "60s"', ": clock.warm_up", '"60s"', "shorter than the clock"),
    Bad("fault-before-the-clock", 'at = "+5s"', 'at = "-15s"', ": faults[0].at", '"-15s"', "T0-10s to T0+50s"),
    Bad("recovery-out-of-sight", 'at = "+20s"', 'at = "+40s"', ": faults[1].recover_within", '"5s"', "5s beyond clock.end"),
    Bad("fault-name-twice", '"north-cut"', '"vneid-slow"', ": faults[1].name", '"vneid-slow"', '"vneid-slow-2"'),
    Bad("objective-name-twice", 'name = "read"', 'name = "submit"', ": slo[1].name", '"submit"', '"submit-2"'),
    Bad("one-process-in-two-faults", NORTH, 'kind = "frozen"\nsystems = ["vneid", "case-15"]\nat = "+20s"\nfor = "10s"\nrecover_within = "5s"\n[[faults]]\nname = "crash"\nkind = "killed"\nsystems = ["case-*"]', ": faults[2].at", '"+20s"', 'the process of case-15 is in faults[1] "north-cut" until T0+30s: begin then or later'),
    Bad("fault-that-nobody-feels", NORTH, 'kind = "duplicate-delivery"\nsystems = ["vneid"]', ": faults[1].systems", '["vneid"]', 'vneid calls no other system; the nearest is "'),
    Bad("jitter-above-latency", 'latency = "800ms"', 'latency = "800ms"\njitter = "2s"', ": faults[0]", '{name = "vneid-slow"', "at most the latency"),
    Bad("sigma-unused", '"lognormal"', '"constant"', ": systems.vneid.service_time", '{distribution = "constant"', '"lognormal"'),
    Bad("name-is-not-the-file", 'name = "evening"', 'name = "morning"', ": scenario.name", '"morning"', '"evening"'),
    # no TOML
    Bad("toml-syntax", 'end = "+50s"', 'end = +50s"', ":13:10", 'end = +50s"', "is no TOML here"),
    Bad("key-twice", "retries = 2", 'patience = "9s"', ":19:16", 'patience = "9s"', "overwrite"),
    # of a country of which only the core takes part
    Bad("link-beyond-the-core", 'links = ["lgsp-1*--case-1*"]', 'links = ["case-15--emc"]', ": faults[1].links", '["case-15--emc"]', 'country = "whole"'),
    Bad("system-beyond-the-core", "[systems.vneid]", "[systems.land]", ": systems.land", "{servers = 4", 'country = "whole"'),
)  # fmt: skip
