"""The lean client wherever it can; what it does not speak goes to the stock client."""

from pathlib import Path

import pytest

from rehearsal.errors import UsageError
from rehearsal.swarm.connecting import connect
from rehearsal.swarm.connection import Connection
from rehearsal.swarm.stock import StockConnection
from rehearsal.swarm.targets import Target, Way
from rehearsal.swarm.transport import Limits

LIMITS = Limits(connect=1, answer=1)


@pytest.mark.parametrize(
    ("way", "client"),
    [
        pytest.param(Way("127.0.0.1:1"), Connection, id="plain"),
        pytest.param(Way("127.0.0.1:1", tls=True, server_name="id.test"), Connection, id="TLS"),
        pytest.param(Way("127.0.0.1:1", http2=True), StockConnection, id="HTTP/2"),
        pytest.param(Way("127.0.0.1:1", proxy="http://127.0.0.1:3128"), StockConnection, id="proxy"),
    ],
)
def test_who_speaks(way: Way, client: type[object]) -> None:
    wire = connect(Target("citizens--vneid", "vneid", "127.0.0.1", 1, way), LIMITS)
    assert isinstance(wire, client)
    wire.close()


def test_an_authority_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    way = Way("127.0.0.1:1", tls=True, authority=str(tmp_path / "none.pem"))
    with pytest.raises(UsageError, match=r"authority .*none\.pem"):
        connect(Target("citizens--vneid", "vneid", "127.0.0.1", 1, way), LIMITS)
