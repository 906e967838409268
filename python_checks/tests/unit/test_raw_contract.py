"""The raw contract: it is consistent, and what is generated from it is up to date."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lead_qualification.raw_contract import (
    DATA_TYPES,
    SOURCES,
    TEXT,
    ContractError,
    RawTable,
    generated,
    main,
    outdated,
    raw_tables,
)
from lead_qualification.settings import CHECKOUT
from python_checks.reference.crm_sync import ACCOUNT_COLUMNS, LEAD_COLUMNS
from python_checks.reference.raw import READERS

TABLES = raw_tables(CHECKOUT)
REPLACED = "            data_type: integer\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the staging folder."""
    shutil.copytree(CHECKOUT / SOURCES.parent, tmp_path / SOURCES.parent)
    return tmp_path


def edit(project: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in sources.yml."""
    text = (project / SOURCES).read_text(encoding="utf-8")
    assert old in text
    (project / SOURCES).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_generated_files_are_up_to_date() -> None:
    assert list(outdated(CHECKOUT)) == [], "run make contract"


def test_check_names_a_file_that_is_out_of_date(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--project-dir", str(project)]
    assert main(options) == 0
    assert main([*options, "--check"]) == 0
    edit(project, "Job title as written.", "Job title as typed.")
    assert main([*options, "--check"]) == 1
    page = "docs/raw_contract.md is out of date; run make contract"
    assert page in capsys.readouterr().err
    assert len(outdated(project)) == 4


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (REPLACED, "            data_type: int\n", "table leads, column employee_count: .* int"),
        ("newest: updated_at", "newest: changed_on", "table leads has no column changed_on"),
        ("unusable_if: [missing]", "unusable_if: [empty]", "column lead_id: unknown word empty"),
        ("      - name: accounts\n", "      - name: firms\n", "table firms has 0 base models"),
    ],
)
def test_contradictions_are_named(project: Path, old: str, new: str, complaint: str) -> None:
    edit(project, old, new)
    with pytest.raises(ContractError, match=complaint):
        generated(project)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_record_has_a_key_and_a_time(table: RawTable) -> None:
    """Without either a row is unusable, so an extract without the column is too."""
    columns = {column.name: column for column in table.columns}
    for name in table.key:
        assert "missing" in columns[name].unusable_if
        assert columns[name].required
    if table.happened is not None:
        assert {"missing", "unreadable"} <= set(columns[table.happened].unusable_if)
        assert columns[table.happened].required


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_words_of_a_column_fit_its_type(table: RawTable) -> None:
    for column in table.columns:
        assert column.data_type == TEXT or column.kind is None, column.name
        assert not column.accepted or column.kind == "code", column.name
        assert "unknown" not in column.unusable_if or column.accepted, column.name
        is_read = column.data_type != TEXT or column.kind == "identifier"
        assert "unreadable" not in column.unusable_if or is_read, column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_examples_can_be_read(table: RawTable) -> None:
    assert set(READERS) | {TEXT} == set(DATA_TYPES)
    for column in table.columns:
        if column.accepted:
            assert column.example in column.accepted, column.name
        elif column.data_type != TEXT:
            assert READERS[column.data_type](column.example) is not None, column.name
        else:
            assert column.example, column.name


@pytest.mark.parametrize(
    ("raw_table", "fields"),
    [("leads", LEAD_COLUMNS), ("accounts", ACCOUNT_COLUMNS)],
    ids=["leads", "accounts"],
)
def test_what_the_sync_writes_is_read_as_written(raw_table: str, fields: dict[str, str]) -> None:
    """A track none that is read as nothing would be written again by each sync."""
    columns = TABLES[raw_table].columns
    texts = {c.name for c in columns if c.data_type == TEXT and c.name in fields.values()}
    assert texts == {c.name for c in columns if c.kind == "written_back"}
