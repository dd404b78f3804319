"""Tokens that only their signer can have made."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.tokens import Session, Signer

SIGNER = Signer("portal", 7)
FOREVER = Session("001", "An", 1e12)
TOKEN = SIGNER.sign(FOREVER)


class Order(msgspec.Struct, frozen=True):
    order: str


def test_a_token_gives_back_what_was_signed() -> None:
    assert SIGNER.open(TOKEN, Session) == FOREVER
    assert Signer("portal", 7).session(TOKEN) == FOREVER


def test_it_is_safe_in_a_url_and_in_a_cookie() -> None:
    assert set(TOKEN) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@given(place=st.integers(0, len(TOKEN) - 1), sign=st.characters(max_codepoint=0x2FF))
def test_a_token_changed_in_any_one_place_is_refused(place: int, sign: str) -> None:
    changed = TOKEN[:place] + sign + TOKEN[place + 1 :]
    assert (SIGNER.open(changed, Session) is not None) == (changed == TOKEN)


@given(st.text())
def test_no_text_makes_it_stumble(text: str) -> None:
    assert SIGNER.open(text, Session) is None
    assert SIGNER.open(f"{text}.{text}", Session) is None


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(Signer("portal", 8).sign(FOREVER), id="another seed"),
        pytest.param(Signer("vneid", 7).sign(FOREVER), id="another purpose"),
        pytest.param(SIGNER.sign(Order("PO-1")), id="another model"),
        pytest.param(TOKEN + ".", id="something behind it"),
        pytest.param(TOKEN.partition(".")[0], id="no signature"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_refused(token: str) -> None:
    assert SIGNER.open(token, Session) is None


def test_a_session_ends() -> None:
    assert SIGNER.session(SIGNER.sign(Session("001", "An", 1.0))) is None
