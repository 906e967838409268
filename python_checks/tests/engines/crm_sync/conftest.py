"""Fixtures: a warehouse with sync tables, and CRMs to write to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from python_checks.tests.engines.crm_sync.command import Command
from python_checks.tests.engines.crm_sync.hubspot_stub import HubspotStub
from python_checks.tests.engines.crm_sync.salesforce_stub import SalesforceStub
from python_checks.tests.engines.crm_sync.sql_target import SqlTarget
from python_checks.tests.engines.crm_sync.sync_rows import Source

if TYPE_CHECKING:
    from python_checks.tests.engines.crm_sync.tryton_server import TrytonServer

MakeCommand = Callable[[str, dict[str, str]], Command]


@pytest.fixture(scope="session", autouse=True)
def tryton_being_made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TrytonServer | None]:
    """A Tryton server whose database is made while other tests run; none if no test needs it."""
    is_wanted = any("tryton" in getattr(item, "fixturenames", ()) for item in request.session.items)
    if not is_wanted or not has_tryton():
        yield None
        return
    from python_checks.tests.engines.crm_sync.tryton_server import TrytonServer

    server = TrytonServer(tmp_path_factory.mktemp("tryton"))
    yield server
    server.stop()


@pytest.fixture
def tryton(tryton_being_made: TrytonServer | None) -> TrytonServer:
    """A running Tryton server."""
    if tryton_being_made is None:
        pytest.skip("Tryton is not installed")
    tryton_being_made.wait()
    return tryton_being_made


def has_tryton() -> bool:
    """Whether server, module of leads and client are installed."""
    names = ("trytond", "trytond.modules.sale_opportunity", "proteus")
    try:
        return all(find_spec(name) is not None for name in names)
    except ModuleNotFoundError:
        return False


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the caller's environment variables out of the tests."""
    for name in list(os.environ):
        if name.startswith(("CRM_", "LEAD_DB", "LEAD_PG")):
            monkeypatch.delenv(name)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A warehouse without sync tables."""
    return Source(tmp_path / "warehouse.duckdb")


@pytest.fixture
def command(source: Source, tmp_path: Path) -> MakeCommand:
    """Makes the command for a CRM, reading the source."""
    return lambda to, environment: Command(to, {**source.environment, **environment}, tmp_path)


@pytest.fixture
def sql_target(postgres: dict[str, str]) -> Iterator[SqlTarget]:
    """An empty CRM of PostgreSQL tables."""
    target = SqlTarget(postgres)
    yield target
    target.close()


@pytest.fixture
def hubspot() -> Iterator[HubspotStub]:
    """A HubSpot without records."""
    with HubspotStub() as stub:
        yield stub


@pytest.fixture
def salesforce() -> Iterator[SalesforceStub]:
    """A Salesforce without records."""
    with SalesforceStub() as stub:
        yield stub
