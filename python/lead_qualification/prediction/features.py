"""Features of leads as a sparse matrix, and which of them a model learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csc_matrix, csr_matrix, hstack
from sklearn.utils.sparsefuncs import csc_median_axis_0

FEWEST_LEADS = 10
"""A feature that fewer leads of the training part have is not learned from."""


@dataclass(frozen=True)
class Features:
    """What is known of leads.

    Attributes:
        names: Names of the columns, sorted.
        values: Values (leads, names) as in prediction_features; what is absent there is 0.
    """

    names: tuple[str, ...]
    values: csc_matrix

    def columns(self, names: Sequence[str]) -> csr_matrix:
        """Return the values (leads, names) of some features; an unknown one is 0 everywhere."""
        place = {name: number for number, name in enumerate(self.names)}
        nothing = csc_matrix((self.values.shape[0], 1))
        known = hstack([self.values, nothing], format="csc")
        return csr_matrix(known[:, [place.get(name, len(self.names)) for name in names]])


def pivoted(lead_ids: Sequence[str], rows: pd.DataFrame) -> Features:
    """Turn rows into a matrix.

    Args:
        lead_ids: The leads, in the order that the rows of the matrix shall have.
        rows: Columns lead_id, feature, value, in any order; leads that are not asked for are
            left out.
    """
    kept = rows[rows["lead_id"].isin(set(lead_ids))]
    names = sorted(set(kept["feature"]))
    return Features(
        names=tuple(names),
        values=csc_matrix(
            (
                kept["value"].to_numpy(dtype=float),
                (
                    pd.Index(lead_ids).get_indexer(kept["lead_id"]),
                    pd.Index(names, dtype=object).get_indexer(kept["feature"]),
                ),
            ),
            shape=(len(lead_ids), len(names)),
        ),
    )


def learnable(features: Features, is_training: np.ndarray) -> tuple[str, ...]:
    """Return the features that at least FEWEST_LEADS leads of the training part have."""
    counts = features.values[np.flatnonzero(is_training)].getnnz(axis=0)
    return tuple(
        name for name, count in zip(features.names, counts, strict=True) if count >= FEWEST_LEADS
    )


def scaled(values: csr_matrix) -> csr_matrix:
    """Return log(1 + value), so that the tenth visit counts for less than the first."""
    return values.log1p()


def medians(matrix: csr_matrix) -> np.ndarray:
    """Return the median (columns,) of each column."""
    return csc_median_axis_0(csc_matrix(matrix))
