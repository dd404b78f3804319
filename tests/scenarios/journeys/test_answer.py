"""What a right answer is."""

import msgspec
import pytest

from scenarios.journeys.answer import Answer, Check, Headers, Wrong, judge, worth_another_try


class Receipt(msgspec.Struct):
    code: str
    amount: int


def raising(error: Exception) -> Check:
    def check(_: Answer) -> str | None:
        raise error

    return check


JSON = Answer(200, body=b'{"dossier": {"codes": ["H1", "H2"]}}')


def test_header_names_are_matched_in_any_case() -> None:
    headers = Headers([(b"Set-Cookie", b"a=1"), (b"LOCATION", b"/x"), (b"set-cookie", b"b=2")])
    assert headers.get("location") == "/x"
    assert headers.get("Set-Cookie") == "a=1"
    assert headers.get_all("SET-COOKIE") == ["a=1", "b=2"]
    assert (headers.get("etag"), headers.get("etag", "?"), headers.get_all("etag")) == ("", "?", [])
    assert Answer(302, headers).location == "/x"
    assert Answer(200).location == ""


def test_a_body_is_read_as_json_or_into_a_model() -> None:
    assert JSON.json() == {"dossier": {"codes": ["H1", "H2"]}}
    assert Answer(201, body=b'{"code":"H1","amount":5}').json(Receipt) == Receipt("H1", 5)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"code":"H1"}', b"\xff", b'{"code":"\xff","amount":1}'])
def test_a_body_that_is_not_what_it_should_be_is_wrong(body: bytes) -> None:
    with pytest.raises(Wrong, match="wrong json"):
        Answer(200, body=body).json(Receipt)


def test_a_field_is_found_by_its_path() -> None:
    assert JSON.field("dossier", "codes", 1) == "H2"


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (("receipt",), "receipt"),
        (("dossier", "codes", 2), "codes"),
        (("dossier", "codes", "first"), "first"),
        ((0,), "content"),
    ],
)
def test_a_field_that_is_not_there_is_wrong_by_its_name(path: tuple[str | int, ...], what: str) -> None:
    with pytest.raises(Wrong) as wrong:
        JSON.field(*path)
    assert wrong.value.what == what


@pytest.mark.parametrize(
    ("status", "check", "error"),
    [
        pytest.param(200, None, "", id="right status, nothing to check"),
        pytest.param(503, None, "http-503", id="another status"),
        pytest.param(503, raising(AssertionError()), "http-503", id="another status is not looked into"),
        pytest.param(200, lambda _: None, "", id="right content"),
        pytest.param(200, lambda _: "", "", id="nothing is wrong"),
        pytest.param(200, lambda _: "Dossier code", "wrong-dossier-code", id="a wrong content has a name"),
        pytest.param(200, raising(Wrong("amount")), "wrong-amount", id="a wrong field"),
        pytest.param(200, raising(KeyError("x")), "wrong-content", id="a missing key"),
        pytest.param(200, raising(IndexError()), "wrong-content", id="an empty list"),
        pytest.param(200, raising(TypeError()), "wrong-content", id="another type"),
        pytest.param(200, raising(ValueError()), "wrong-content", id="no number"),
    ],
)
def test_judgement(status: int, check: Check | None, error: str) -> None:
    assert judge(Answer(status), (200,), check) == error


def test_a_check_that_is_itself_broken_is_not_hidden() -> None:
    with pytest.raises(NameError):
        judge(Answer(200), (200,), raising(NameError("typo")))


@pytest.mark.parametrize(
    ("status", "error", "again"),
    [
        (0, "connect", True),
        (0, "timeout", True),
        (200, "wrong-dossier", True),
        (500, "http-500", True),
        (503, "http-503", True),
        (429, "http-429", True),
        (404, "http-404", False),
        (410, "http-410", False),
        (302, "http-302", False),
    ],
)
def test_what_people_try_again(status: int, error: str, again: bool) -> None:
    assert worth_another_try(status, error) is again
