"""A report that fails does not end like a requirement that was missed."""

from __future__ import annotations

import pytest

from reports.command_line import EXIT_CODES, guarded
from reports.errors import RunFolderError

FAILURES = {
    "a folder that cannot be judged": (
        RunFolderError("plan.json: is missing"),
        2,
        "error: plan.json: is missing\n",
    ),
    "a file that cannot be written": (
        IsADirectoryError(21, "Is a directory", "junit.xml"),
        2,
        "error: junit.xml: cannot be read or written (Is a directory)\n",
    ),
    "the target of a rename": (
        IsADirectoryError(21, "Is a directory", "junit.xml.new", None, "junit.xml"),
        2,
        "error: junit.xml: cannot be read or written (Is a directory)\n",
    ),
    "a system error without a name": (OSError("odd"), 2, "error: cannot be read or written (odd)\n"),
    "what nobody foresaw": (
        OverflowError("too large"),
        70,
        "internal error: OverflowError: too large; this is a fault of the reports\n",
    ),
}


@pytest.mark.parametrize(("error", "code", "told"), FAILURES.values(), ids=FAILURES)
def test_each_failure_has_its_code(
    error: Exception, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, guarded():
        raise error
    assert (ended.value.code, capsys.readouterr().err) == (code, told)


def test_no_failure_ends_like_a_verdict() -> None:
    assert not {code for _, code, _ in FAILURES.values()} & set(EXIT_CODES.values())


def test_what_goes_well_goes_on() -> None:
    with guarded():
        done = True
    assert done
