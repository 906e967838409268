"""A new raw column is one edit of sources.yml: staging, the documentation and the seeds have it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lead_qualification.raw_contract import DEMO, DOCS_PAGE, SOURCES, main
from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse
from python_checks.building import build
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

DATA_ONLY = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
NEW_COLUMN = """\
          - name: years_in_role
            data_type: integer
            description: Years in the present job.
            config:
              meta:
                unusable_if: [negative]
                example: 4
"""
PARTS = (
    "dbt_project.yml",
    "profiles.yml",
    "macros",
    "models/_column_docs.md",
    "models/staging",
    "seeds/policy",
    "tests/generic",
)
"""Of the project; dbt takes its time to parse the others."""
BEFORE = {"leads": "          - name: job_title\n", "accounts": "          - name: domain\n"}
LEADS = """\
lead_id,email,created_at,years_in_role
four,four@x.test,2026-03-01 10:00:00, 4
vacant,vacant@x.test,2026-03-01 10:00:00,
words,words@x.test,2026-03-01 10:00:00,many
below,below@x.test,2026-03-01 10:00:00,-1
"""
ACCOUNTS = "account_id,name\nacme,Acme\n"


def add_columns(project: Path) -> None:
    """Leads and accounts get a column in sources.yml, then make contract."""
    path = project / SOURCES
    text = path.read_text(encoding="utf-8")
    for place in BEFORE.values():
        assert place in text
        text = text.replace(place, NEW_COLUMN + place, 1)
    path.write_text(text, encoding="utf-8")
    assert main(["--project-dir", str(project)]) == 0


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Path]:
    """Staging of leads, whose file has the column, and of accounts, whose file has not.

    Returns:
        The build, and the copy of the project that was built.
    """
    folder = tmp_path_factory.mktemp("raw_column")
    (folder / "leads.csv").write_text(LEADS, encoding="utf-8")
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    project = folder / "project"
    for part in PARTS:
        copy = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
        (project / part).parent.mkdir(parents=True, exist_ok=True)
        copy(PROJECT / part, project / part)
    add_columns(project)
    warehouse = duckdb_warehouse(folder / "raw_column.duckdb")
    selection = ("--select", "+stg_crm__leads", "+stg_crm__accounts")
    build(
        warehouse,
        raw=folder,
        as_of=WORLDS_AS_OF,
        project=project,
        arguments=(*DATA_ONLY, *selection),
    )
    return warehouse, project


@pytest.fixture(scope="module")
def built(edited: tuple[Warehouse, Path]) -> Warehouse:
    """The build."""
    return edited[0]


def test_staging_has_the_column(built: Warehouse) -> None:
    base = built.read(
        "select lead_id, years_in_role, row_problem, value_problems "
        "from main_staging.base_crm__leads order by lead_id"
    )
    assert base.astype(object).where(base.notna(), None).to_numpy().tolist() == [
        ["below", -1, "negative years_in_role", None],
        ["four", 4, None, None],
        ["vacant", None, None, None],
        ["words", None, None, "unreadable years_in_role"],
    ]
    staged = built.read("select lead_id, years_in_role from main_staging.stg_crm__leads")
    assert set(staged["lead_id"]) == {"four", "vacant", "words"}
    assert dict(staged.dropna().to_numpy().tolist()) == {"four": 4}


@pytest.mark.parametrize("model", ["base_crm__accounts", "stg_crm__accounts"])
def test_column_that_a_file_lacks_is_null(built: Warehouse, model: str) -> None:
    rows = built.read(f"select account_id, years_in_role from main_staging.{model}")
    assert rows["account_id"].tolist() == ["acme"]
    assert rows["years_in_role"].isna().all()


def test_documentation_and_seeds_have_the_column(edited: tuple[Warehouse, Path]) -> None:
    project = edited[1]
    page = (project / DOCS_PAGE).read_text(encoding="utf-8")
    row = "| years_in_role | integer | Years in the present job. |"
    assert page.count(row) == 2
    models = project / SOURCES.parent / "crm" / "_crm__models.yml"
    for path, times in ((models, 4), (project / DEMO, 2)):
        assert path.read_text(encoding="utf-8").count("- name: years_in_role") == times
