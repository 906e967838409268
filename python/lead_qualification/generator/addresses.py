"""What are companies called, and which e-mail address does each record have?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import catalog, cells, people
from .draw import Ints, stream


def company_names(names: Ints, separator: str, suffix: str) -> pa.Array:
    """Company names of codes, every one different."""
    firsts, seconds = catalog.COMPANY_FIRST, catalog.COMPANY_SECOND
    text = cells.joined(
        cells.named(names % len(firsts), firsts),
        separator,
        cells.named(names // len(firsts) % len(seconds), seconds),
    )
    turn = names // (len(firsts) * len(seconds))
    further = cells.joined(text, separator, pc.cast(pa.array(turn + 1), pa.string()))
    return cells.joined(pc.if_else(pa.array(turn > 0), further, text), suffix)


def addresses(rows: pd.DataFrame, records: pd.DataFrame, seed: int, domains: pa.Array) -> pa.Array:
    """One e-mail address per record; those of main records are unique."""
    rng = stream(seed, "addresses")
    size = len(rows)
    kind = rows["address_kind"].to_numpy()
    personal = rng.integers(0, len(catalog.PERSONAL_DOMAINS), size)
    student = rng.integers(0, len(catalog.STUDENT_DOMAINS), size)
    firsts, seconds = catalog.COMPANY_FIRST, catalog.COMPANY_SECOND
    other = rng.integers(0, len(firsts) * len(seconds), size)
    pools = [
        (kind == people.CORPORATE, rows["account"].to_numpy(), domains),
        (kind == people.PERSONAL, personal, pa.array(catalog.PERSONAL_DOMAINS)),
        (kind == people.STUDENT, student, pa.array(catalog.STUDENT_DOMAINS)),
        (
            kind == people.OTHER_COMPANY,
            other,
            pc.utf8_lower(
                cells.joined(
                    pa.array(np.repeat(seconds, len(firsts))),
                    "-of-",
                    pa.array(np.tile(firsts, len(seconds))),
                    ".example",
                )
            ),
        ),
    ]
    domain = pa.nulls(size, pa.string())
    owner = np.zeros(size, np.int64)
    for position, (mask, code, names) in enumerate(pools):
        domain = pc.if_else(pa.array(mask), cells.named(np.where(mask, code, -1), names), domain)
        owner = np.where(mask, code * len(pools) + position, owner)
    namesakes = pd.DataFrame({"first": rows["first"], "last": rows["last"], "owner": owner})
    turn = namesakes.groupby(["first", "last", "owner"]).cumcount().to_numpy()
    suffix = pc.if_else(pa.array(turn > 0), pc.cast(pa.array(turn + 1), pa.string()), "")
    first = cells.named(rows["first"], [name.lower() for name in catalog.FIRST_NAMES])
    last = cells.named(rows["last"], [name.lower() for name in catalog.LAST_NAMES])
    mark = pc.if_else(pa.array(kind == people.PERSONAL), catalog.PERSONAL_MARK, "")
    main = cells.joined(first, ".", last, suffix, mark, "@", domain)
    second = records.iloc[size:]
    person = second["person"].to_numpy()
    same = pc.utf8_upper(main.take(pa.array(person)))
    private = cells.joined(
        last.take(pa.array(person)),
        pc.cast(pa.array(second.index.to_numpy()), pa.string()),
        catalog.PERSONAL_MARK + "@",
        pa.array(catalog.PERSONAL_DOMAINS).take(pa.array(personal[person])),
    )
    is_same = pa.array(second["kind"].to_numpy() == people.DUPLICATE)
    return cells.appended(main, pc.if_else(is_same, same, private))
