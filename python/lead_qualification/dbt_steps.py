"""dbt, as ``leadq`` runs it in a process of its own: quicker, and telling of its steps if asked.

A build has some ten thousand events, most of them for debugging. dbt words each, also those that
it then leaves out: a tenth of the time of a small build.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt_common.events.base_types import BaseEvent, EventLevel, EventMsg

TELLS_STEPS = "LEADQ_TELLS_STEPS"
"""Environment variable: whether events are told as lines of JSON."""
TOLD_LEVELS = ("info", "warn", "error")
ASKS_FOR_DEBUGGING = ("debug", "--log-level-file=debug", "--debug", "-d")
"""Words of a command of dbt; without them nobody reads what is told for debugging."""
COUNTS = ("index", "total")
ONE_AT_A_TIME = Lock()
"""dbt's threads end steps at the same time; a line and its end are written one after the other."""


def main() -> None:
    """Run the command of dbt that the arguments of the process are."""
    # A parsed project is millions of objects that stay: looking for garbage among them at the
    # usual pace takes a tenth of the time of a build.
    gc.set_threshold(100_000, 50, 100)
    from dbt.cli.main import cli

    callbacks = []
    if os.environ.pop(TELLS_STEPS, None):
        callbacks = [tell]
        if not any(word in sys.argv for word in ASKS_FOR_DEBUGGING):
            leave_out_debugging()
    cli(prog_name="dbt", obj={"callbacks": callbacks})


def leave_out_debugging() -> None:
    """Let dbt, in this process, drop its events for debugging before it words them."""
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    class WithoutDebugging(EventManager):
        def fire_event(
            self, e: BaseEvent, level: EventLevel | None = None, *rest: Any, **options: Any
        ) -> None:
            if (level or e.level_tag()) in TOLD_LEVELS:
                super().fire_event(e, level, *rest, **options)

    ctx_set_event_manager(WithoutDebugging())


def tell(event: EventMsg) -> None:
    """Print name, level and message of an event, and which of how many steps it ends."""
    if event.info.level not in TOLD_LEVELS:
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
