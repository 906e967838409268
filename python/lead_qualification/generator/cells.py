"""How do numbers and codes look as text? Every function gives an Arrow array of strings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import effects
from .draw import MISSING, Bools, Floats, Ints

OFFSET_HOURS = (2, 1, -5, 9)


def ids(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """`prefix` and the zero-padded number; null where the number is negative."""
    numbers = np.asarray(numbers)
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers, pa.int64()), pa.string()), width, "0")
    text = pc.binary_join_element_wise(prefix, digits, "")
    return pc.if_else(pa.array(numbers >= 0), text, None)


def named(codes: Ints, names: Sequence[str] | pa.Array) -> pa.Array:
    """The name of each code; null where the code is negative or the name empty."""
    values = names if isinstance(names, pa.Array) else pa.array(list(names), pa.string())
    codes = np.asarray(codes)
    text = values.take(pa.array(np.where(codes < 0, 0, codes)))
    keep = pc.and_(pa.array(codes >= 0), pc.not_equal(text, ""))
    return pc.if_else(pc.fill_null(keep, False), text, None)


def where(mask: Bools, text: pa.Array) -> pa.Array:
    """The text where the mask holds, else null."""
    return pc.if_else(pa.array(np.asarray(mask)), text, None)


def replaced(text: pa.Array, mask: Bools, by: str | None) -> pa.Array:
    """The text with another value where the mask holds."""
    return pc.if_else(pa.array(np.asarray(mask)), pa.scalar(by, pa.string()), text)


def times(rng: np.random.Generator, seconds: Ints) -> pa.Array:
    """UTC seconds in the formats of the contract: mostly plain, some with T..Z or an offset."""
    seconds = np.asarray(seconds)
    known = seconds != MISSING
    seconds = np.where(known, seconds, 0)
    text = _stamp(seconds)
    dice = rng.random(len(seconds))
    zulu = dice < effects.ZULU_TIMES
    text = _put(text, zulu, pc.binary_join_element_wise(_iso(seconds[zulu]), "Z", ""))
    for position, hours in enumerate(OFFSET_HOURS):
        low = effects.ZULU_TIMES + effects.OFFSET_TIMES * position / len(OFFSET_HOURS)
        shifted = (dice >= low) & (dice < low + effects.OFFSET_TIMES / len(OFFSET_HOURS))
        local = _iso(seconds[shifted] + hours * 3600)
        text = _put(text, shifted, pc.binary_join_element_wise(local, f"{hours:+03d}:00", ""))
    return where(known, text)


def flags(rng: np.random.Generator, values: Bools) -> pa.Array:
    """Booleans as extract tools write them: mostly true and false, some in other spellings."""
    values = np.asarray(values).astype(int)
    spelling = np.where(rng.random(len(values)) < 0.06, rng.integers(1, 4, len(values)), 0)
    names = ("false", "true", "f", "t", "0", "1", "No", "YES")
    return named(2 * spelling + values, names)


def numbers(values: Ints | Floats, decimals: int = 0) -> pa.Array:
    """Numbers; null where negative."""
    values = np.asarray(values)
    if decimals:
        text = pa.array([f"{value:.{decimals}f}" for value in values], pa.string())
    else:
        text = pc.cast(pa.array(values.astype(np.int64)), pa.string())
    return where(values >= 0, text)


def joined(*parts: pa.Array | str) -> pa.Array:
    """Texts side by side; null where one is null."""
    return pc.binary_join_element_wise(*parts, "")


def appended(first: pa.Array, second: pa.Array) -> pa.Array:
    """One text column after the other."""
    return pa.chunked_array([first, second]).combine_chunks()


def spelt(rng: np.random.Generator, text: pa.Array, share: float) -> pa.Array:
    """The text, now and then in capitals."""
    return pc.if_else(pa.array(rng.random(len(text)) < share), pc.utf8_upper(text), text)


def _stamp(seconds: Ints) -> pa.Array:
    return pc.cast(pa.array(seconds, pa.timestamp("s")), pa.string())


def _iso(seconds: Ints) -> pa.Array:
    return pc.replace_substring(_stamp(seconds), " ", "T")


def _put(text: pa.Array, mask: Bools, values: pa.Array) -> pa.Array:
    return pc.replace_with_mask(text, pa.array(mask), values)
