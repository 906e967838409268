"""dbt, as ``leadq`` runs it in a process of its own: quicker, and telling of its steps if asked.

dbt's own log in JSON words each of some ten thousand events of a build, also those that it then
leaves out: a twentieth of the time of a small build.
"""

from __future__ import annotations

import gc
import json
import os
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg

TELLS_STEPS = "LEADQ_TELLS_STEPS"
"""Environment variable: whether events are told as lines of JSON."""
UNTOLD = ("debug", "test")
COUNTS = ("index", "total")
ONE_AT_A_TIME = Lock()
"""dbt's threads end steps at the same time; a line and its end are written one after the other."""


def main() -> None:
    """Run the command of dbt that the arguments of the process are."""
    # A parsed project is millions of objects that stay: looking for garbage among them at the
    # usual pace takes a tenth of the time of a build.
    gc.set_threshold(100_000, 50, 100)
    from dbt.cli.main import cli

    callbacks = [tell] if os.environ.pop(TELLS_STEPS, None) else []
    cli(prog_name="dbt", obj={"callbacks": callbacks})


def tell(event: EventMsg) -> None:
    """Print name, level and message of an event, and which of how many steps it ends."""
    if event.info.level in UNTOLD:
        return
    from dbt.flags import get_flags
    from dbt_common.events.functions import env_scrubber

    if getattr(get_flags(), "QUIET", False) and event.info.level != "error":
        return
    fields = event.data.DESCRIPTOR.fields_by_name
    line = {
        "info": {name: getattr(event.info, name) for name in ("name", "level", "msg")},
        "data": {name: getattr(event.data, name) for name in COUNTS if name in fields},
    }
    with ONE_AT_A_TIME:
        print(env_scrubber(json.dumps(line)), flush=True)


if __name__ == "__main__":
    main()
