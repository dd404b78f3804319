"""The links of one rehearsal, and no other's."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from chaos.catalogue.acknowledgement_lost import AcknowledgementLost
from chaos.catalogue.cut import Cut
from chaos.client import Client, ProxySpec
from chaos.errors import LinkError, ToxiproxyError
from chaos.links import Link, Links
from chaos.toxics import Toxic
from tests.chaos.support import Callee, Scripted
from tests.ports import held_ports

CUT = Cut()
LOST = AcknowledgementLost()


def links_to(callee: Callee, count: int) -> list[Link]:
    ports = held_ports(count)
    return [
        Link(f"case-{n:02}", "callee", f"127.0.0.1:{port}", callee.address) for n, port in enumerate(ports)
    ]


class TestLink:
    def test_is_named_after_both_ends(self) -> None:
        assert Link("lgsp-15", "case-15", "127.0.0.1:1", "127.0.0.1:2").name == "lgsp-15--case-15"

    def test_may_begin_at_an_address_that_other_hosts_can_reach(self) -> None:
        assert Link("citizens", "vneid", "192.0.2.1:20000", "127.0.0.1:2").listen == "192.0.2.1:20000"

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            pytest.param(
                {"caller": "a--b"}, "caller 'a--b'", id="two hyphens, which would hide where it ends"
            ),
            pytest.param({"callee": ""}, "callee ''", id="no name"),
            pytest.param({"callee": "a/b"}, "callee 'a/b'", id="a slash"),
            pytest.param({"listen": "0.0.0.0:80"}, "listen '0.0.0.0:80'", id="listening to the world"),
            pytest.param({"listen": "127.0.0.1:0"}, "listen '127.0.0.1:0'", id="any port"),
            pytest.param({"listen": "example.org:80"}, "listen 'example.org:80'", id="listening on a name"),
            pytest.param({"upstream": "example.org:80"}, "upstream 'example.org:80'", id="a host elsewhere"),
            pytest.param({"upstream": "192.0.2.1:80"}, "upstream '192.0.2.1:80'", id="another machine"),
        ],
    )
    def test_is_refused_when_it_is_not_one(self, changes: dict[str, str], named: str) -> None:
        good = {"caller": "a", "callee": "b", "listen": "127.0.0.1:1", "upstream": "127.0.0.1:2"}
        with pytest.raises(LinkError) as error:
            Link(**(good | changes))
        assert named in str(error.value)


def test_a_link_given_twice_is_refused() -> None:
    twice = [Link("a", "b", f"127.0.0.1:{port}", "127.0.0.1:9") for port in (1, 2)]
    with pytest.raises(LinkError, match="more than once: a--b"):
        Links(Client("127.0.0.1:1"), twice)


def state(name: str, *, enabled: bool = True, toxics: tuple[str, ...] = ()) -> dict[str, object]:
    shown = [
        {"name": t, "type": "timeout", "stream": "upstream", "attributes": {"timeout": 0}} for t in toxics
    ]
    return {
        "name": name,
        "listen": "127.0.0.1:1",
        "upstream": "127.0.0.1:2",
        "enabled": enabled,
        "toxics": shown,
    }


class TestOnAServerThatMisbehaves:
    """Healing believes nothing but what it reads."""

    def test_a_link_that_stays_cut_is_an_error_that_names_it(self) -> None:
        sick = state("a--b", enabled=False)
        answers: dict[str, tuple[int | None, str]] = {
            "GET /proxies": (200, json.dumps({"a--b": sick})),
            "PATCH /proxies/a--b": (503, "<h1>Timeout</h1>"),
        }
        with Scripted(answers) as server, pytest.raises(LinkError, match=r"not healed: a--b .*status 503"):
            Links(Client(server.address), [Link("a", "b", "127.0.0.1:1", "127.0.0.1:2")]).heal()
        assert server.asked.count("PATCH /proxies/a--b") == 3, "it tries more than once"

    def test_a_link_that_is_gone_is_an_error_that_names_it(self) -> None:
        with (
            Scripted({"GET /proxies": (200, "{}")}) as server,
            pytest.raises(LinkError, match=r"gone .*a--b"),
        ):
            Links(Client(server.address), [Link("a", "b", "127.0.0.1:1", "127.0.0.1:2")]).heal()

    def test_a_link_that_will_not_go_is_an_error_that_names_it(self) -> None:
        answers: dict[str, tuple[int | None, str]] = {
            "GET /proxies": (200, json.dumps({"a--b": state("a--b")})),
            "DELETE /proxies/a--b": (204, ""),
        }
        with Scripted(answers) as server, pytest.raises(LinkError, match="not removed when read back: a--b"):
            Links(Client(server.address), [Link("a", "b", "127.0.0.1:1", "127.0.0.1:2")]).remove()


@pytest.mark.e2e
class TestOnTheRealServer:
    """Made, checked, hurt, healed and removed."""

    def test_they_are_there_while_the_context_lasts(self, client: Client, callee: Callee) -> None:
        with Links(client, links_to(callee, 3)) as links:
            assert client.proxies() == links.states()
            assert len(links.states()) == 3
        assert client.proxies() == {}

    def test_the_largest_country_is_made_and_checked_in_seconds(self, client: Client, callee: Callee) -> None:
        start = time.monotonic()
        with Links(client, links_to(callee, 401)) as links:
            passages = asyncio.run(links.check("/health", within=10))
            took = time.monotonic() - start
        assert [passage.body for passage in passages.values()] == [b"alive /health"] * 401
        assert all(
            passage.status == 200 and passage.passed and not passage.error for passage in passages.values()
        )
        assert took < 10, "0.3 s on an idle machine"

    def test_a_check_says_which_links_let_nothing_through(self, client: Client, callee: Callee) -> None:
        with Links(client, links_to(callee, 4)) as links:
            links.apply(CUT, ["case-00--callee"])
            links.apply(LOST, ["case-01--callee"])
            start = time.monotonic()
            passages = asyncio.run(links.check("/health", within=0.5))
            assert time.monotonic() - start < 3
            only = asyncio.run(links.check("/health", ["case-02--callee"]))
        errors = {name: passage.error for name, passage in passages.items()}
        lost = errors.pop("case-01--callee")
        # The callee closes each connection of a check after its answer, and that close may pass in time.
        assert lost in ("no answer in time", "Server disconnected")
        assert errors == {
            "case-00--callee": "Connection refused",
            "case-02--callee": "",
            "case-03--callee": "",
        }
        assert [passage.passed for passage in passages.values()] == [False, False, True, True]
        assert list(only) == ["case-02--callee"]

    def test_a_fault_is_done_to_the_links_named_and_to_no_other(self, client: Client, callee: Callee) -> None:
        with Links(client, links_to(callee, 3)) as links:
            read = links.apply(CUT, ["case-00--callee", "case-02--callee"])
            assert {name: s.enabled for name, s in read.items()} == dict.fromkeys(read, False)
            assert [s.enabled for s in links.states().values()] == [False, True, False]
            links.cure(CUT, ["case-00--callee"])
            assert [s.enabled for s in links.states().values()] == [True, True, False]

    def test_an_unknown_link_is_named_with_the_nearest(self, client: Client, callee: Callee) -> None:
        with Links(client, links_to(callee, 3)) as links:
            with pytest.raises(LinkError, match="no link 'case-01--calle'; did you mean 'case-01--callee'"):
                links.apply(CUT, ["case-01--calle"])
            with pytest.raises(LinkError, match="no link 'x'"):
                links.proxy("x")
            with pytest.raises(LinkError, match="no link 'x'"):
                asyncio.run(links.check("/", ["x"]))

    def test_one_link_that_will_not_does_not_spare_the_others(self, client: Client, callee: Callee) -> None:
        with Links(client, links_to(callee, 3)) as links:
            links.apply(LOST, ["case-01--callee"])
            with pytest.raises(
                LinkError, match=r"not applied to case-01--callee \(1 of 3 links\).*already exists"
            ):
                links.apply(LOST, links.links)
            assert all(len(s.toxics) == 1 for s in links.states().values())

    def test_healing_undoes_whatever_was_done_and_reads_it_back(self, client: Client, callee: Callee) -> None:
        with Links(client, links_to(callee, 20)) as links:
            names = list(links.links)
            links.apply(LOST, names[:12])
            links.apply(CUT, names[8:])
            healed = links.heal()
            assert list(healed) == names
            assert all(s.healthy for s in healed.values())
            assert all(passage.passed for passage in asyncio.run(links.check("/")).values())

    def test_what_others_have_on_the_server_is_never_touched(self, client: Client, callee: Callee) -> None:
        [port] = held_ports(1)
        client.populate([ProxySpec(name="theirs", listen=f"127.0.0.1:{port}", upstream=callee.address)])
        theirs = client.proxy("theirs")
        theirs.disable()
        before = theirs.add(Toxic(name="t", type="timeout", attributes={"timeout": 0}))
        with Links(client, links_to(callee, 3)) as links:
            links.apply(CUT, links.links)
            links.heal()
        assert client.proxies() == {"theirs": before}

    def test_a_name_that_is_taken_is_refused_and_left_alone(self, client: Client, callee: Callee) -> None:
        wanted = links_to(callee, 3)
        [port] = held_ports(1)
        client.populate([ProxySpec(name=wanted[1].name, listen=f"127.0.0.1:{port}", upstream=callee.address)])
        before = client.proxies()
        with pytest.raises(LinkError, match="already has case-01--callee"), Links(client, wanted):
            pytest.fail("must not be entered")
        assert client.proxies() == before

    def test_when_one_cannot_be_made_none_is_left(self, client: Client, callee: Callee) -> None:
        wanted = links_to(callee, 3)
        wanted[2] = Link("busy", "callee", callee.address, callee.address)
        with pytest.raises(ToxiproxyError, match="address already in use"), Links(client, wanted):
            pytest.fail("must not be entered")
        assert client.proxies() == {}

    def test_they_are_removed_when_the_rehearsal_fails(self, client: Client, callee: Callee) -> None:
        def rehearsal() -> None:
            with Links(client, links_to(callee, 3)) as links:
                links.apply(CUT, links.links)
                raise RuntimeError("the rehearsal failed")

        with pytest.raises(RuntimeError, match="the rehearsal failed"):
            rehearsal()
        assert client.proxies() == {}
