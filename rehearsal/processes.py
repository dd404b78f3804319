"""Keeps processes from outliving the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)  # loaded here: a child between fork and exec should load nothing


def die_with_parent(with_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to send ``with_signal`` to this process when its parent ends, however it ends.

    For the child to call as early as it can, or as ``preexec_fn``. The "parent" is the *thread* that
    started the child (``prctl(2)``, PR_SET_PDEATHSIG): start children from a thread that stays. Linux only;
    elsewhere nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    _LIBC.prctl(_PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
    if os.getppid() != parent:  # it ended between the two calls: nobody will send the signal any more
        os.kill(os.getpid(), with_signal)
