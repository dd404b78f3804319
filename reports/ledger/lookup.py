"""Looking up what belongs to a key, with a type that does not depend on whether anything was found."""

from __future__ import annotations

import pandas as pd


def text_of(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Per key the text that ``values`` (indexed by key, unique) holds for it; "" where it holds none."""
    known = values.to_dict()
    return pd.Series([known.get(key, "") for key in keys], index=keys.index, dtype="str")


def number_of(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Per key the number that ``values`` (indexed by key, unique) holds for it; NaN where it holds none."""
    known = values.to_dict()
    return pd.Series([known.get(key, float("nan")) for key in keys], index=keys.index, dtype="float64")


def first_said(preferred: pd.Series, otherwise: pd.Series) -> pd.Series:
    """The first text where it says something, else the second; both aligned."""
    words = preferred.astype("str")
    result: pd.Series = words.where(words != "", otherwise.astype("str"))
    return result
