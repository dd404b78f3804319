"""What the rehearsal itself told visitors: answers of a fault in place of the system's own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.evidence import Evidence


def said_by_a_fault(evidence: Evidence, samples: pd.DataFrame, kind: str = "says-not-found") -> pd.Series:
    """Per sample whether a fault of the kind was on the link that it was sent on while it was under way."""
    said = np.zeros(len(samples), dtype=np.bool_)
    for window in evidence.windows:
        if window.fault.kind == kind:
            # the event follows when it is on; from its planned start it may be
            start = min(window.start, window.fault.start)
            inside = (samples["sent"] < window.end) & (samples["done"] > start)
            said |= (inside & samples["link"].isin(window.fault.links)).to_numpy()
    return pd.Series(said, index=samples.index)
