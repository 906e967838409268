"""A Tryton server on this machine: its own process, a SQLite database, the module of the sync."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from proteus.config import XmlrpcConfig

from lead_qualification.crm_sync.adapters.tryton import _log_in
from lead_qualification.warehouse import PROJECT
from python_checks.processes import free_port

PASSWORD = "sesame-of-tryton"
DATABASE = "crm"
PATIENCE_SECONDS = 120
CONFIGURATION = """
[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:{port}
"""
ENTRY_POINTS = """
[trytond.modules]
lead_qualification = lead_qualification.crm_sync.tryton_module.lead_qualification
"""
METADATA = "Metadata-Version: 2.1\nName: trytond-lead-qualification\nVersion: 8.2.0\n"
WRITES = """
select qualification_lead_id, lead_qualification_hash
from sale_opportunity__history
where lead_qualification_hash is not null and qualification_lead_id like ?
order by 1, 2
"""


class TrytonServer:
    """A server with a company, and with the leads and parties that tests ask for."""

    def __init__(self, folder: Path) -> None:
        """Begin to make the database, in the background."""
        self.folder = folder
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None
        self._connection: XmlrpcConfig | None = None
        self._company: list[int] = []
        self._install_module()
        self._configuration().write_text(
            CONFIGURATION.format(folder=folder, port=self.port), encoding="utf-8"
        )
        (folder / f"{DATABASE}.sqlite").touch()
        (folder / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
        self.making = self._start(
            *("trytond-admin", "-d", DATABASE, "-u", "lead_qualification"),
            *("--activate-dependencies", "--email", "crm@example.com"),
        )

    def wait(self) -> None:
        """Wait for the database, then start the server and make the company."""
        if self.server is not None:
            return
        code = self.making.wait(PATIENCE_SECONDS)
        if code != 0:
            raise RuntimeError(self._log().read_text(encoding="utf-8"))
        self.server = self._start("trytond", "-d", DATABASE)
        self._await_port()
        self._connection = _log_in(f"{self.url}rpc/", "admin", PASSWORD)
        self._make_company()

    def stop(self) -> None:
        """End what runs."""
        for process in (self.making, self.server):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()

    @property
    def url(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.port}/{DATABASE}/"

    @property
    def environment(self) -> dict[str, str]:
        """How the command finds the CRM."""
        return {
            "CRM_TRYTON_URL": self.url,
            "CRM_TRYTON_USER": "admin",
            "CRM_TRYTON_PASSWORD": PASSWORD,
        }

    def call(self, model: str, method: str, *arguments: Any) -> Any:
        """Call a method of the API."""
        assert self._connection is not None
        proxy = self._connection.get_proxy(model)
        context = {**self._connection.context, "company": (self._company or [None])[0]}
        return getattr(proxy, method)(*arguments, context)

    def add_leads(self, keys: list[str]) -> None:
        """Make leads with these keys."""
        currency = self.call("currency.currency", "search", [], 0, 1, None)[0]
        lead = {
            "company": self._company[0],
            "currency": currency,
            "start_date": date(2026, 6, 1),
            "conversion_probability": 0.5,
        }
        self.call(
            "sale.opportunity", "create", [{**lead, "qualification_lead_id": key} for key in keys]
        )

    def add_parties(self, keys: list[str]) -> None:
        """Make parties with these account ids."""
        parties = [{"name": key, "qualification_account_id": key} for key in keys]
        self.call("party.party", "create", parties)

    def records(self, model: str, key: str, prefix: str, names: list[str]) -> list[dict[str, Any]]:
        """Return fields of the records whose key begins with a prefix, in its order."""
        found = self.call(
            model, "search_read", [(key, "like", f"{prefix}%")], 0, None, [(key, "ASC")], names
        )
        return [{name: record[name] for name in names} for record in found]

    def writes(self, prefix: str) -> list[tuple[str, str]]:
        """Return key and hash of every write of leads, from Tryton's history."""
        connection = sqlite3.connect(self.folder / f"{DATABASE}.sqlite", timeout=10)
        try:
            return connection.execute(WRITES, (f"{prefix}%",)).fetchall()
        finally:
            connection.close()

    def status(self) -> str:
        """Return what Linux says of the server's process."""
        assert self.server is not None
        return Path(f"/proc/{self.server.pid}/status").read_text(encoding="utf-8")

    def _make_company(self) -> None:
        """Make a currency and a company, in which the user works."""
        currency = {"name": "Euro", "symbol": "€", "code": "EUR", "digits": 2}
        (currency_id,) = self.call("currency.currency", "create", [currency])
        (party_id,) = self.call("party.party", "create", [{"name": "Our company"}])
        self._company = self.call(
            "company.company", "create", [{"party": party_id, "currency": currency_id}]
        )
        (user_id,) = self.call("res.user", "search", [("login", "=", "admin")], 0, 1, None)
        self.call(
            *("res.user", "write", [user_id]),
            {"companies": [("add", self._company)], "company": self._company[0]},
        )

    def _install_module(self) -> None:
        """Let Tryton find the module without installing it."""
        found = self.folder / "path" / "trytond_lead_qualification-8.2.0.dist-info"
        found.mkdir(parents=True)
        (found / "METADATA").write_text(METADATA, encoding="utf-8")
        (found / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program of Tryton."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(self.folder / "path"), str(PROJECT)]),
            "TRYTONPASSFILE": str(self.folder / "password"),
        }
        with self._log().open("ab") as log:
            return subprocess.Popen(
                [
                    shutil.which(program, path=_programs()) or program,
                    *("-c", str(self._configuration())),
                    *arguments,
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _await_port(self) -> None:
        """Wait until the server listens."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(self._log().read_text(encoding="utf-8"))

    def _configuration(self) -> Path:
        """The server's configuration."""
        return self.folder / "trytond.conf"

    def _log(self) -> Path:
        """What the programs print."""
        return self.folder / "trytond.log"


def _programs() -> str:
    """Where the programs of this environment are."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
