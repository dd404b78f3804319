"""A response is complete exactly when RFC 9112 says so, however its bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.swarm.parsing import Malformed, ResponseParser

SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\nx-a: 2\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=1\r\nllo\r\n0\r\n\r\n"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + SIZED
CLOSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
OLD = b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"

WHOLE = [
    pytest.param(SIZED, 200, b"hello", True, id="content-length"),
    pytest.param(CHUNKED, 200, b"hello", True, id="chunked"),
    pytest.param(NO_CONTENT, 204, b"", True, id="204 has no content"),
    pytest.param(NOT_MODIFIED, 304, b"", True, id="304 has no content whatever its length says"),
    pytest.param(INTERIM, 200, b"hello", True, id="interim answers are skipped"),
    pytest.param(CLOSE, 200, b"hello", False, id="the peer closes afterwards"),
    pytest.param(OLD, 200, b"hello", False, id="HTTP/1.0 closes afterwards"),
]


@pytest.mark.parametrize(("data", "status", "body", "keep_alive"), WHOLE)
def test_a_whole_response(data: bytes, status: int, body: bytes, keep_alive: bool) -> None:
    parser = ResponseParser()
    parser.feed(data)
    assert parser.complete
    assert (parser.status, parser.body, parser.keep_alive) == (status, body, keep_alive)
    assert not parser.surplus


@given(st.sampled_from([SIZED, CHUNKED, INTERIM, CLOSE]), st.lists(st.integers(1, 20), max_size=60))
def test_the_cuts_between_reads_do_not_matter(data: bytes, sizes: list[int]) -> None:
    parser = ResponseParser()
    rest = data
    for size in sizes:
        if not rest:
            break
        assert not parser.complete
        parser.feed(rest[:size])
        rest = rest[size:]
    if rest:
        parser.feed(rest)
    assert (parser.status, parser.body, parser.complete) == (200, b"hello", True)


@given(st.integers(1, len(SIZED) - 1))
def test_a_part_of_a_sized_response_is_cut_off_by_the_end_of_the_stream(length: int) -> None:
    parser = ResponseParser()
    parser.feed(SIZED[:length])
    assert not parser.complete
    assert not parser.end_of_stream()


def test_without_a_length_the_end_of_the_stream_completes_the_response() -> None:
    parser = ResponseParser()
    parser.feed(b"HTTP/1.1 200 OK\r\n\r\nhel")
    parser.feed(b"lo")
    assert not parser.complete
    assert parser.end_of_stream()
    assert parser.body == b"hello"
    assert not parser.keep_alive


def test_a_chunked_response_is_cut_off_by_the_end_of_the_stream() -> None:
    parser = ResponseParser()
    parser.feed(CHUNKED[:-5])
    assert not parser.end_of_stream()


def test_the_end_of_the_stream_in_the_head_completes_nothing() -> None:
    parser = ResponseParser()
    parser.feed(b"HTTP/1.1 200 OK\r\nX-A: 1\r\n")
    assert not parser.end_of_stream()


def test_an_answer_to_head_ends_with_its_headers() -> None:
    parser = ResponseParser()
    parser.expect(head=True)
    parser.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    assert parser.complete
    assert not parser.keep_alive


def test_header_fields_keep_order_and_spelling() -> None:
    parser = ResponseParser()
    parser.feed(SIZED)
    assert parser.fields == ((b"Content-Length", b"5"), (b"X-A", b"1"), (b"x-a", b"2"))


def test_one_parser_reads_one_response_after_the_other() -> None:
    parser = ResponseParser()
    for data, body in ((SIZED, b"hello"), (NO_CONTENT, b""), (CHUNKED, b"hello")):
        parser.expect()
        parser.feed(data)
        assert parser.complete
        assert parser.body == body


@pytest.mark.parametrize("surplus", [SIZED, b"garbage", b"\x00\xff"])
def test_surplus_bytes_leave_the_response_as_it_is(surplus: bytes) -> None:
    parser = ResponseParser()
    parser.feed(SIZED + surplus)
    assert parser.complete
    assert parser.surplus
    assert (parser.status, parser.body) == (200, b"hello")
    assert len(parser.fields) == 3


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x00\x01\x02", id="no HTTP"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", id="a length that is no number"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="a bad chunk"),
        pytest.param(b"HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", id="an upgrade"),
    ],
)
def test_what_is_no_response_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        ResponseParser().feed(data)
