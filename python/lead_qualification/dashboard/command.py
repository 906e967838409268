"""The command ``leadq dashboard``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lead_qualification.dashboard.variables import (
    CRM_ACCOUNT,
    CRM_LEAD,
    CURRENCY,
    PASSWORD,
    PROXY_HEADER,
    SHOW_CONTACTS,
    STUDIO,
    TARGET,
)
from lead_qualification.options import Target

SERVER = Path(__file__).with_name("server.py")
VARIABLES = {
    PASSWORD: "ask for this password; default: none is asked for",
    PROXY_HEADER: "show pages only to requests with this header, which a proxy sets after sign-in",
    CURRENCY: "unit of amounts, such as EUR; default: none is shown",
    SHOW_CONTACTS: "1 shows names, job titles, e-mail addresses, phone numbers and raw rows",
    CRM_LEAD: "address of a lead in the CRM, as https://crm.example/leads/{lead_id}",
    CRM_ACCOUNT: "address of an account in the CRM, with {account_id}",
    STUDIO: "1 shows the policy studio, which simulates other rules; write lets it save files too",
}
EPILOG = "\b\nenvironment variables:\n" + "\n".join(
    f"  {name}: {meaning}" for name, meaning in VARIABLES.items()
)


def dashboard(
    target: Target = "duckdb",
    port: Annotated[int, typer.Option(help="Where to listen.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Where to listen; by default on this machine only.")
    ] = "localhost",
) -> int:
    """Show the public tables of the warehouse in a browser."""
    os.environ[TARGET] = target
    # The application imports this package, also where it is not installed.
    paths = [str(SERVER.parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(SERVER)),
        *("--server.port", str(port)),
        *("--server.address", address),
    ]
    print(f"dashboard on http://{address}:{port}", flush=True)
    os.execv(sys.executable, command)
