"""What a citizen's night depends on: groups of links and systems, made from the topology."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rehearsal import country
from rehearsal.topology import CITIZENS, OFFICIALS, Kind, Link, links, systems
from reports.text import Text

Pair = tuple[str, str]
"""Who calls whom: kinds of systems, or citizens, or officials."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A group of links, with the systems behind them.

    ``systems`` have faults of their own that befall it, ``processes`` those of them that may be killed (of a
    kind with dozens, only those of a few provinces). ``delivers``: these systems send messages on, so that
    they can send one twice. ``provinces``: whose visitors may feel it, empty means all. ``before_t0``: nobody
    uses it after T0. ``lasts``: seconds that a fault must last at least, so that somebody needs it meanwhile.
    """

    name: str
    title: Text
    links: tuple[str, ...]
    systems: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    delivers: bool = False
    provinces: tuple[str, ...] = ()
    before_t0: bool = False
    lasts: float = 0.0


@dataclass(frozen=True, slots=True)
class _Group:
    title: Text
    pairs: tuple[Pair, ...]
    system: Kind | None = None
    before_t0: bool = False
    lasts: float = 0.0


def few_provinces() -> tuple[str, ...]:
    """The provinces of the last dependency: those three in which most happens, so that there is evidence."""
    shares = country.shares("activity")
    return tuple(sorted(sorted(shares, key=shares.__getitem__)[-3:]))


DELIVERING = (Kind.NATIONAL_PORTAL, Kind.PAYMENT, Kind.LGSP, Kind.CASE_SYSTEM)
"""Kinds that send messages on; whoever only asks, or hands a form over while its visitor waits, has none."""
COPY_LIVES = 11.0
"""Seconds after which the portal has needed the national catalogue anew: its copy lives for ten."""

_GROUPS: Mapping[str, _Group] = MappingProxyType(
    {
        "entrance": _Group(
            Text("Vào Cổng dịch vụ công quốc gia", "The entrance: the national portal"),
            ((CITIZENS, Kind.NATIONAL_PORTAL),),
            Kind.NATIONAL_PORTAL,
        ),
        "identity": _Group(
            Text("Định danh VNeID", "Identity: VNeID"),
            ((CITIZENS, Kind.VNEID), (Kind.NATIONAL_PORTAL, Kind.VNEID)),
            Kind.VNEID,
        ),
        "population": _Group(
            Text("Cơ sở dữ liệu dân cư", "Population database"),
            ((Kind.NATIONAL_PORTAL, Kind.POPULATION),),
            Kind.POPULATION,
        ),
        "procedures": _Group(
            Text("Cơ sở dữ liệu thủ tục hành chính", "Catalogue of procedures"),
            ((Kind.NATIONAL_PORTAL, Kind.PROCEDURES), (Kind.LGSP, Kind.PROCEDURES)),
            Kind.PROCEDURES,
            lasts=COPY_LIVES,
        ),
        "payment": _Group(
            Text("Thu phí qua nền tảng thanh toán", "Charging: portal to payment platform"),
            ((Kind.NATIONAL_PORTAL, Kind.PAYMENT),),
            Kind.PAYMENT,
        ),
        "payment-notices": _Group(
            Text("Báo đã thu phí về Cổng", "Payment notices: payment platform to portal"),
            ((Kind.PAYMENT, Kind.NATIONAL_PORTAL),),
        ),
        "checkout": _Group(
            Text("Trang thanh toán", "Checkout: the payer at the payment platform"),
            ((CITIZENS, Kind.PAYMENT),),
        ),
        "forwarding": _Group(
            Text("Chuyển hồ sơ tới nền tảng của tỉnh", "Forwarding: portal to the provinces' platforms"),
            ((Kind.NATIONAL_PORTAL, Kind.LGSP),),
            Kind.LGSP,
        ),
        "delivery": _Group(
            Text("Giao hồ sơ vào hệ thống của tỉnh", "Delivery: platforms to case systems"),
            ((Kind.LGSP, Kind.CASE_SYSTEM),),
            Kind.CASE_SYSTEM,
        ),
        "statuses": _Group(
            Text("Đồng bộ trạng thái lên Cổng", "Statuses: case systems up to the portal"),
            ((Kind.CASE_SYSTEM, Kind.LGSP), (Kind.LGSP, Kind.NATIONAL_PORTAL)),
        ),
        "desks": _Group(
            Text("Cán bộ vào hệ thống của tỉnh", "The desks: officials at their case systems"),
            ((OFFICIALS, Kind.CASE_SYSTEM),),
        ),
        "old-portals": _Group(
            Text("Địa chỉ cổng cấp tỉnh cũ", "Old portals: their addresses after the closing"),
            ((CITIZENS, Kind.PROVINCIAL_PORTAL),),
            Kind.PROVINCIAL_PORTAL,
        ),
        "old-portals-open": _Group(
            Text("Cổng cấp tỉnh khi còn mở", "Old portals while open: to VNeID and case systems"),
            ((Kind.PROVINCIAL_PORTAL, Kind.VNEID), (Kind.PROVINCIAL_PORTAL, Kind.CASE_SYSTEM)),
            before_t0=True,
        ),
    }
)


@cache
def dependencies() -> tuple[Dependency, ...]:
    """All of them, in the order of a citizen's way; a pair of kinds that nobody named is one of its own."""
    by_pair: dict[Pair, list[str]] = {}
    for link in links():
        by_pair.setdefault(_pair(link), []).append(link.name)
    named = {pair for group in _GROUPS.values() for pair in group.pairs}
    rest = [pair for pair in by_pair if pair not in named]
    return (
        *(_made(name, group, by_pair) for name, group in _GROUPS.items()),
        *(
            Dependency(
                f"{caller}-to-{callee}", Text(en=f"{caller} to {callee}"), tuple(by_pair[caller, callee])
            )
            for caller, callee in rest
        ),
        _few_provinces(),
    )


def _made(name: str, group: _Group, by_pair: Mapping[Pair, list[str]]) -> Dependency:
    behind = tuple(system for system in systems() if system.kind == group.system)
    few = tuple(system for system in behind if system.province in ("", *few_provinces()))
    return Dependency(
        name,
        group.title,
        tuple(link for pair in group.pairs for link in by_pair[pair]),
        systems=tuple(system.name for system in behind),
        # platforms and case systems are killed together, as those of the few provinces
        processes=()
        if group.system in (Kind.LGSP, Kind.CASE_SYSTEM)
        else tuple(system.name for system in few),
        delivers=group.system in DELIVERING,
        before_t0=group.before_t0,
        lasts=group.lasts,
    )


def _few_provinces() -> Dependency:
    """Everything by which a few provinces hang together with the rest, but for what closes at T0."""
    few, kinds = few_provinces(), (Kind.LGSP, Kind.CASE_SYSTEM)
    own = tuple(system.name for system in systems() if system.kind in kinds and system.province in few)
    portals = {system.name for system in systems() if system.kind is Kind.PROVINCIAL_PORTAL}
    return Dependency(
        "three-provinces",
        Text(
            "Ba tỉnh: nền tảng và hệ thống của tỉnh", "Three provinces only: their platforms and case systems"
        ),
        tuple(
            link.name
            for link in links()
            if {link.caller, link.callee} & set(own) and link.caller not in portals
        ),
        processes=own,
        provinces=few,
    )


def ways(names: Iterable[str]) -> tuple[str, ...]:
    """Between which kinds the links of these names lead, each once, as ``<kind>--<kind>``."""
    by_name = {link.name: link for link in links()}
    return tuple(dict.fromkeys("--".join(_pair(by_name[name])) for name in names))


def _pair(link: Link) -> Pair:
    kinds = _kinds()
    return kinds[link.caller], kinds[link.callee]


@cache
def _kinds() -> Mapping[str, str]:
    return {CITIZENS: CITIZENS, OFFICIALS: OFFICIALS} | {system.name: system.kind for system in systems()}
