"""The command ``leadq connect``: what is recognised, what is written, what it says.

A small project of its own has three connectors; they are compared with tables of a real warehouse.
What the connectors themselves make of what landed is asked in engines/test_connected.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from lead_qualification.cli import main
from lead_qualification.connect.coverage import COLUMNS
from lead_qualification.connect.csv_rows import (
    VALUE_COLUMNS,
    append,
    csv_of,
    missing,
    values_without_meaning,
)
from lead_qualification.connect.declarations import connectors
from lead_qualification.connect.landed import Schema
from lead_qualification.connect.project_vars import connectors_of, var_as_yaml, with_connectors
from lead_qualification.connect.recognition import recognised
from lead_qualification.errors import ConfigurationError
from lead_qualification.exit_codes import OK, WRONG_USE
from lead_qualification.settings import CHECKOUT
from lead_qualification.tables import Table
from lead_qualification.warehouse import connect_postgres
from lead_qualification.yaml_text import from_yaml

CRM = """{#- A CRM as one tool lands it. -#}
{% macro crm_one__landed() %}
    {{ return({
        'title': 'CRM by One', 'family': 'crm', 'page': 'docs/connectors/crm_one.md',
        'gives': ['leads', 'accounts', 'opportunities', 'sales_reps'],
        'tables': {
            'contact_record': {
                'feeds': ['leads'], 'needed': True, 'required': ['contact_id', 'email_address'],
                'optional': ['job_title', 'country_code'], 'hint': 'name its fields in the tool',
                'crm': {'crm_lead_score': 'lead_score'},
            },
            'company': {'feeds': ['accounts'], 'required': ['id'], 'optional': ['industry']},
            'deal': {'feeds': ['opportunities'], 'required': ['id']},
            'user': {'feeds': ['sales_reps'], 'required': ['id'], 'also': ['sf_user']},
        },
    }) }}
{% endmacro %}
"""
OTHER_TOOL = """{% macro crm_two__landed() %}
    {{ return({
        'title': 'CRM by Two', 'family': 'crm', 'gives': ['leads', 'opportunities'],
        'tables': {'people': {'feeds': ['leads'], 'needed': True, 'required': ['key', 'mail']}},
    }) }}
{% endmacro %}
"""
FORK = """{% macro fork__landed() %}
    {{ return({
        'title': 'Fork of Web', 'family': 'web', 'signs': ['fork_discards'],
        'gives': ['web_events'],
        'tables': {
            'hits_': {'feeds': ['web_events'], 'needed': True, 'prefix': True, 'required': ['url']},
        },
    }) }}
{% endmacro %}
"""
WEB = """{% macro web__landed() %}
    {{ return({
        'title': 'Web', 'gives': ['web_events'],
        'tables': {
            'hits_': {'feeds': ['web_events'], 'needed': True, 'prefix': True, 'required': ['url']},
        },
    }) }}
{% endmacro %}
"""
PROJECT = """name: lead_qualification
# The rules.
vars:
  lead_qualification:
    as_of: ""   # the only now
    connectors: {}  # what landed
"""
MAPS = {
    "field_map": "connector,contract_table,contract_column,source_table,source_column\n",
    "value_map": ",".join(VALUE_COLUMNS) + "\ncrm,leads,email_status,state,OK,verified,",
}
CONTACTS = {"contact_record": ("contact_id", "email_address", "job_title", "lead_score")}
Run = Callable[..., tuple[int, str]]
Land = Callable[[str, dict[str, tuple[str, ...]]], None]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three connectors and the contract of the checkout."""
    for name in list(os.environ):
        if name.startswith(("LEAD_", "CRM_", "DBT_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "project"
    (folder / "macros/connectors/declarations").mkdir(parents=True)
    for name, text in (("crm_one", CRM), ("crm_two", OTHER_TOOL), ("web", WEB), ("fork", FORK)):
        path = folder / f"macros/connectors/declarations/{name}.sql"
        path.write_text(text, encoding="utf-8")
    (folder / "models").symlink_to(CHECKOUT / "models")
    (folder / "seeds/connectors").mkdir(parents=True)
    (folder / "seeds/policy").symlink_to(CHECKOUT / "seeds/policy")
    for name, text in MAPS.items():
        (folder / f"seeds/connectors/{name}.csv").write_text(text, encoding="utf-8")
    (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(folder))
    return folder


@pytest.fixture(params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine that the command reads."""
    return request.param


@pytest.fixture
def land(
    engine: str,
    project: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Land]:
    """Makes tables of text with one row each in a schema."""
    made: list[str] = []
    if engine == "duckdb":
        monkeypatch.setenv("LEAD_DB_PATH", str(tmp_path / "landed.duckdb"))

        def execute(statement: str) -> None:
            with duckdb.connect(str(tmp_path / "landed.duckdb")) as connection:
                connection.execute(statement)
    else:
        server = request.getfixturevalue("postgres")
        for name, value in server.items():
            monkeypatch.setenv(name, value)

        def execute(statement: str) -> None:
            connection = connect_postgres(server)
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
            connection.close()

    def landed(schema: str, tables: dict[str, tuple[str, ...]]) -> None:
        execute(f'create schema if not exists "{schema}"')
        made.append(schema)
        for table, columns in tables.items():
            cells = ", ".join(f"'x' as \"{column}\"" for column in columns)
            execute(f'create table "{schema}"."{table}" as select {cells}')

    execute("select 1")
    yield landed
    for schema in made:
        execute(f'drop schema if exists "{schema}" cascade')


@pytest.fixture
def run(engine: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command without dbt."""

    def run_command(*words: str) -> tuple[int, str]:
        code = main(["connect", "--quick", "--target", engine, *words])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run_command


@pytest.mark.parametrize(
    "spelling",
    [str, str.upper, lambda name: name.title().replace("_", ""), lambda n: n.replace("_", "-")],
    ids=["snake", "upper", "camel", "dashes"],
)
def test_a_source_is_recognised_in_any_spelling(
    spelling: Callable[[str], str], land: Land, run: Run, project: Path
) -> None:
    land("in_any", {spelling(t): tuple(map(spelling, c)) for t, c in CONTACTS.items()})
    code, told = run("in_any")
    assert code == OK, told
    assert "CRM by One in schema in_any: 1 of 4 tables, 1 rows" in told
    assert "crm_one: {schema: in_any}" in told
    assert "in_any.contact_record: country_code" in told
    assert "crm_one gives no opportunities: sync deal" in told
    assert "empty, because nothing that landed gives them: accounts, web_events" in told
    assert "nothing was written" in told
    assert (project / "dbt_project.yml").read_text(encoding="utf-8") == PROJECT


def test_another_name_and_a_prefix_are_found(land: Land, run: Run) -> None:
    land("all_of_it", {**CONTACTS, "sf_user": ("id",), "hits_1": ("url",), "hits_2": ("url",)})
    _, told = run("all_of_it")
    assert "user 1" in told
    assert "hits_ 2" in told
    assert told.index("crm_one: {schema") < told.index("web: {schema")


def test_of_two_with_the_same_tables_a_sign_decides(land: Land, run: Run) -> None:
    land("plain_hits", {"hits_1": ("url",)})
    land("forked_hits", {"hits_1": ("url",), "fork_discards": ("id",)})
    assert "web: {schema: plain_hits}" in run("plain_hits")[1]
    assert "fork: {schema: forked_hits}" in run("forked_hits")[1]


def test_what_is_written_keeps_the_file_and_is_written_once(
    land: Land, run: Run, project: Path
) -> None:
    company = ("id", "Industry__c", "domain")
    deal = ("id", "campaign_id", "Amount__c")
    tables = {**CONTACTS, "user": ("id", "Territory__c"), "company": company, "deal": deal}
    land("crm_here", tables)
    code, told = run("crm_here", "--write")
    assert code == OK, told
    text = (project / "dbt_project.yml").read_text(encoding="utf-8")
    expected = "connectors: # what landed\n      crm_one: {schema: crm_here}\n"
    assert text == PROJECT.replace("connectors: {}  # what landed\n", expected)
    fields = (project / "seeds/connectors/field_map.csv").read_text(encoding="utf-8")
    assert fields.splitlines()[1:] == [
        "crm_one,accounts,domain,company,domain",
        "crm_one,opportunities,amount,deal,Amount__c",
        "crm_one,sales_reps,territory,user,Territory__c",
    ]
    code, told = run("crm_here", "--write")
    assert "nothing to write: all of it is there" in told
    assert (project / "dbt_project.yml").read_text(encoding="utf-8") == text
    assert (project / "seeds/connectors/field_map.csv").read_text(encoding="utf-8") == fields


def test_two_accounts_are_read_together_unless_one_is_named(land: Land, run: Run) -> None:
    land("emea", CONTACTS)
    land("amer", CONTACTS)
    _, told = run("emea", "amer")
    assert "crm_one: {schema: [emea, amer]}" in told
    assert "2 accounts of crm_one: emea, amer. Ids get the schema before them" in told
    _, told = run("amer")
    assert "crm_one: {schema: amer}" in told
    assert "accounts of" not in told


def test_two_tools_of_one_product_do_not_count_twice(land: Land, run: Run) -> None:
    land("by_two", {"people": ("key", "mail")})
    land("by_one", CONTACTS)
    _, told = run("by_two", "by_one")
    assert "crm_two" not in told.split("the var for")[1]
    assert "schema by_two is CRM by Two, the same product as crm_one, and is left out" in told
    _, told = run("by_two")
    assert "crm_two: {schema: by_two}" in told


def test_what_the_var_says_is_kept(land: Land, run: Run, project: Path) -> None:
    land("old_crm", CONTACTS)
    land("new_crm", CONTACTS)
    land("site", {"hits_1": ("url",)})
    own = "{crm_one: {schema: old_crm, except: [accounts]}}"
    text = PROJECT.replace("{}", own)
    (project / "dbt_project.yml").write_text(text, encoding="utf-8")
    code, told = run("old_crm", "new_crm", "site", "--write")
    assert code == OK, told
    assert "schema new_crm is CRM by One too; the var names old_crm and is left as it is" in told
    assert connectors_of(project) == {
        "crm_one": {"schema": "old_crm", "except": ["accounts"]},
        "web": {"schema": "site"},
    }


def test_what_the_var_says_and_did_not_land_is_told(land: Land, run: Run, project: Path) -> None:
    land("half", {"contact_record": ("contact_id",)})
    own = "{crm_one: {schema: half}, gone: {schema: half}}"
    (project / "dbt_project.yml").write_text(PROJECT.replace("{}", own), encoding="utf-8")
    _, told = run("half")
    assert "the var names schema half for crm_one, which lacks column contact_record.email" in told
    assert "the var names gone, which is not a connector; they are: crm_one" in told


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        (
            {"contact_record": ("contact_id", "name")},
            "schema strange looks like CRM by One, but lacks column contact_record.email_address; "
            "sync them (name its fields in the tool), then run this again",
        ),
        (
            {"orders": ("id",), 'a"b\x1b[31m': ("\x07", "id")},
            "no source recognised in strange; known are CRM by One, CRM by Two, Fork of Web, Web",
        ),
    ],
    ids=["a column is missing", "something else"],
)
def test_nothing_recognised_names_what_is_nearest(
    tables: dict[str, tuple[str, ...]], what: str, engine: str, land: Land, run: Run
) -> None:
    quoted = {table.replace('"', '""'): columns for table, columns in tables.items()}
    land("strange", quoted)
    code, told = run("strange")
    assert code == WRONG_USE
    assert what in told
    assert "\x1b" not in told


def test_two_names_for_one_are_told(land: Land, run: Run) -> None:
    land("twice", {"contact_record": ("contact_id", "email_address", "JobTitle", "Job-Title")})
    _, told = run("twice")
    assert "JobTitle and Job-Title of contact_record could both be job_title" in told


def test_a_schema_that_is_not_there_is_told_with_those_that_are(land: Land, run: Run) -> None:
    land("real", CONTACTS)
    code, told = run("unreal")
    assert code == WRONG_USE
    assert "no table in a schema unreal" in told
    assert "real" in told.split("name one of: ")[1]


def test_a_profile_that_names_its_own_schema_is_not_built_into(
    engine: str, land: Land, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    land("plain_crm", CONTACTS)
    (project / "profiles.yml").write_text("ours: {}", encoding="utf-8")
    assert main(["connect", "--target", engine, "plain_crm"]) == WRONG_USE
    assert "use --quick, then build" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LEAD_DB_PATH", str(tmp_path / "absent.duckdb"))
    assert main(["connect", "--quick"]) == WRONG_USE
    assert "set LEAD_DB_PATH to the file in which your data landed" in capsys.readouterr().err


SETTINGS = {"crm_one": {"schema": "crm"}, "web": {"schema": ["a b", "on"], "except": ["x"]}}
BLOCK = """vars:
  lead_qualification:
    connectors:
      # The CRM of record.
      crm_one: {schema: crm}   # sales
      web:
        schema: old
    # next
    b: 2
"""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("name: host\n", "name: host\n"),
        ("name: host", "name: host\n"),
        ("vars:\n", "vars:\n"),
        ("vars:\n  a: 1 # one\n  # end\n", "  a: 1 # one\n  # end\n"),
        ("vars:\n  lead_qualification:\n    a: 1\nname: x\n", "    a: 1\nname: x\n"),
        ("vars:\n  connectors: {web: {schema: z}}\n  b: 2", "  b: 2"),
        (BLOCK, "      # The CRM of record.\n      crm_one: {schema: crm}   # sales\n"),
        (BLOCK, "    # next\n    b: 2\n"),
    ],
)
def test_the_var_is_set_and_everything_else_stays(text: str, kept: str, tmp_path: Path) -> None:
    path = tmp_path / "dbt_project.yml"
    path.write_text(text, encoding="utf-8")
    changed = with_connectors(tmp_path, SETTINGS)
    assert kept in changed
    path.write_text(changed, encoding="utf-8")
    assert connectors_of(tmp_path) == SETTINGS
    assert with_connectors(tmp_path, SETTINGS) == changed


def test_vars_in_a_line_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("vars: {a: 1}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="add the var by hand") as refused:
        with_connectors(tmp_path, SETTINGS)
    assert var_as_yaml(SETTINGS) in str(refused.value)
    assert from_yaml(var_as_yaml(SETTINGS)) == {"connectors": SETTINGS}


def covered(*rows: tuple[str, str, str, str, str, int]) -> Table:
    """Rows of connector_coverage about values."""
    return Table(
        COLUMNS,
        tuple(
            ("crm_one", table, column, "t", source, value, outcome, None, count)
            for table, column, source, value, outcome, count in rows
        ),
    )


def test_a_value_means_the_word_of_its_name_or_is_for_a_person_to_decide() -> None:
    words = {("sales_activities", "outcome"): frozenset({"no_show", "held"})}
    found = values_without_meaning(
        covered(
            ("sales_activities", "outcome", "result", "No Show", "unmapped", 2),
            ("sales_activities", "outcome", "result", "Voicemail", "unmapped", 5),
            ("sales_activities", "outcome", "result", "Held", "passed_on", 9),
            ("sales_activities", "outcome", "result", "Gone", "mapped", 9),
            ("accounts", "industry", "industry", "Software", "passed_on", 9),
        ),
        words,
    )
    assert [(one.key[-1], one.rows, one.meaning) for one in found] == [
        ("Voicemail", 5, ""),
        ("No Show", 2, "no_show"),
    ]


def test_rows_are_added_once_whatever_their_meaning_is_now(project: Path) -> None:
    path = csv_of(project, "value_map")
    assert path is not None
    old = ("CRM", "leads", "email_status", "State", "ok", "unverified", "")
    new = ("crm", "leads", "email_status", "state", 'a "b", c', "verified", "")
    assert missing(path, VALUE_COLUMNS, [old, new]) == [new]
    append(path, [new])
    assert missing(path, VALUE_COLUMNS, [old, new]) == []
    assert path.read_text(encoding="utf-8").count("\n") == 3


def test_a_host_project_has_its_own_maps(tmp_path: Path) -> None:
    text = "vars:\n  policy_tables: {value_map: our_values}\n"
    (tmp_path / "dbt_project.yml").write_text(text, encoding="utf-8")
    assert csv_of(tmp_path, "value_map") is None
    (tmp_path / "seeds/own").mkdir(parents=True)
    (tmp_path / "seeds/own/our_values.csv").write_text("", encoding="utf-8")
    assert csv_of(tmp_path, "value_map") == tmp_path / "seeds/own/our_values.csv"
    assert csv_of(tmp_path, "field_map") is None


def test_every_connector_of_the_project_is_recognised_as_itself() -> None:
    """From the needed and the other tables of its declaration, in the spelling of another tool."""
    declared = connectors(CHECKOUT)
    assert len(declared) > 1
    for connector in declared.values():
        tables = {
            table.name.upper(): tuple(column.replace("_", "-") for column in table.columns)
            for table in connector.tables.values()
        }
        signs = dict.fromkeys(connector.signs[:1], ("id",))
        found = recognised(declared.values(), Schema("landed", tables | signs))
        assert [match.connector.name for match in found] == [connector.name]
        assert found[0].absent == dict.fromkeys(connector.tables, ())
        assert found[0].unclear == ()
