"""A timer of the kernel, exact to tens of microseconds.

``epoll_wait`` takes its limit in milliseconds, and so do the timers of every event loop built on it: an
answer that is due in 0.3 ms comes after 1 ms. A ``timerfd`` (timerfd_create(2)) becomes readable at an
absolute instant of ``CLOCK_MONOTONIC``, by the kernel's high-resolution timers. Python has it from 3.13 on.
"""

from __future__ import annotations

import ctypes
import os

from rehearsal.errors import SetUpError

_TFD_NONBLOCK, _TFD_CLOEXEC = os.O_NONBLOCK, os.O_CLOEXEC
_TFD_TIMER_ABSTIME = 1
_CLOCK_MONOTONIC = 1
_SECOND = 1_000_000_000


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Itimerspec(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("value", _Timespec))


class Timer:
    """One timer; its descriptor is readable from the instant given last until another is given.

    Raises :class:`SetUpError` where the operating system has no timerfd.
    """

    def __init__(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        try:
            create, self._settime = libc.timerfd_create, libc.timerfd_settime
        except AttributeError:
            raise SetUpError("precise timers need timerfd, which only Linux has") from None
        self._descriptor = _checked(create(_CLOCK_MONOTONIC, _TFD_NONBLOCK | _TFD_CLOEXEC))
        self._spec = _Itimerspec()
        self._at = ctypes.byref(self._spec)

    def fileno(self) -> int:
        """The descriptor to poll."""
        return self._descriptor

    def set(self, at_ns: int) -> None:
        """Be readable from ``at_ns`` on (nanoseconds of ``CLOCK_MONOTONIC``); at once where it has passed."""
        value = self._spec.value
        value.seconds, value.nanoseconds = divmod(max(at_ns, 1), _SECOND)  # 0 would disarm it
        _checked(self._settime(self._descriptor, _TFD_TIMER_ABSTIME, self._at, None))

    def close(self) -> None:
        """Give the descriptor back. May be called twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise SetUpError(f"timerfd: {os.strerror(number)}")
    return result
