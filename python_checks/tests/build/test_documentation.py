"""What docs/ says is so: examples, numbers, names, links, keys and relations, on the demo."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.documentation import DOCS, EXAMPLE, WORDED, ExampleError, pages, refreshed
from python_checks.extracts import rows_of_csv
from python_checks.tests.tables import KEYS, POLICY, public_tables

PAGES = [path.relative_to(DOCS).as_posix() for path in pages()]
CHOICE = "choose_your_motion.md"
CHOSEN = re.compile(r"from main_policy\.qualification_profiles\s+where ([^\n]+)")
"""The profiles whose rows the page of a motion shows."""
MOTIONS = [page for page in PAGES if page.startswith("motions/")]
MARKDOWN = sorted(
    path.relative_to(PROJECT).as_posix()
    for folder, pattern in ((".", "*.md"), ("docs", "**/*.md"), ("python", "**/*.md"))
    for path in (PROJECT / folder).glob(pattern)
)
WALK = "architecture.md"
AUDIENCES = (
    "marketing_lead.md",
    "sales_lead.md",
    "analytics_engineer.md",
    "crm_administrator.md",
)
STATIC_SITE = PROJECT / "target" / "static_index.html"
FENCE = re.compile(r"```.*?```", re.DOTALL)
ITEM = re.compile(r"^\d+\. ", re.MULTILINE)
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(
    r"(?:analyses|docs|integration_tests|macros|models|python|python_checks|seeds|tests)/[\w./*-]+"
)
DOTTED = re.compile(r"[a-z_]+\.[a-z_]+")
FILE_ENDINGS = (".csv", ".py", ".sql", ".md", ".yml", ".toml", ".txt", ".json", ".html", ".duckdb")
LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([\w-]+))?\)")
ENTITY = re.compile(r"^    (\w+) \{\n(.*?)^    \}$", re.DOTALL | re.MULTILINE)
REPORT = re.compile(r"^\| (\w+) \| (\"?\w+\"?(?:, \"?\w+\"?)*) \|$", re.MULTILINE)
RELATION = re.compile(
    r'^    (\w+) (\|\|--(?:o\{|\|\{|o\||\|\|)) (\w+) : "([\w, ]+)"$', re.MULTILINE
)
REMOTE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)=["']?(?:https?:)?//""")
TRACKER_OFF = re.compile(r'"send_anonymous_usage_stats":\s*false')
"""The page fetches dbt's tracker if the manifest in it says true."""


@dataclass(frozen=True)
class Relation:
    """A line between two tables: ``parent ||--o{ child : "columns"`` and its like."""

    parent: str
    kind: str
    child: str
    columns: str


def text_of(page: str) -> str:
    """The text of a page in docs/."""
    return (DOCS / page).read_text(encoding="utf-8")


ENTITIES = dict(ENTITY.findall(text_of("public_tables.md")))
REPORTS = dict(REPORT.findall(text_of("public_tables.md"))[1:])
RELATIONS = [Relation(*found) for found in RELATION.findall(text_of("public_tables.md"))]


@pytest.fixture(scope="module")
def columns(demo: Warehouse) -> set[str]:
    """Every ``table.column`` of the demo, in all its schemas."""
    found = demo.read(
        "select table_name || '.' || column_name as name from information_schema.columns"
    )
    return set(found["name"])


def keys_of(table: str) -> list[str]:
    """The columns that public_tables.md says are the key of a table."""
    if table in REPORTS:
        return [] if REPORTS[table] == "none" else REPORTS[table].split(", ")
    return re.findall(r"^ +\w+ (\w+) PK$", ENTITIES[table], re.MULTILINE)


def database_of(warehouse: Warehouse) -> Path:
    """The DuckDB file of a build."""
    return Path(warehouse.environment["LEAD_DB_PATH"])


@pytest.mark.parametrize("page", [page for page in PAGES if EXAMPLE.search(text_of(page))])
def test_examples_give_what_the_page_says(page: str, demo: Warehouse) -> None:
    now = refreshed(text_of(page), database_of(demo), is_worded=page in WORDED)
    assert now == text_of(page)


def test_every_audience_has_examples() -> None:
    counts = {page: len(EXAMPLE.findall(text_of(page))) for page in (WALK, *AUDIENCES)}
    assert min(counts.values()) >= 5, counts


def test_queries_of_the_readme_run(demo: Warehouse) -> None:
    queries = re.findall(r"```sql\n(.*?)```", (PROJECT / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(queries) >= 1
    assert [query for query in queries if demo.read(query).empty] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```sql\nselect 1\n```\n\nText", "no table below"),
        ("```sql\nselect lead from main_marts.lead_stages\n```\n\n|\n", 'column "lead"'),
        ("```sql\nselect 1 where false\n```\n\n|\n", "no row"),
    ],
)
def test_broken_examples_are_named(text: str, complaint: str, demo: Warehouse) -> None:
    with pytest.raises(ExampleError, match=complaint):
        refreshed(text, database_of(demo))


def test_cells_are_written_so_that_pages_can_be_read(demo: Warehouse) -> None:
    """Unknown is empty, decimals without zeros, times in full, a bar does not end the cell."""
    values = "null as a, 1.50 as b, 100.0 as c, true as d, 'x|y' as e, timestamp '2026-01-01' as f"
    expected = (
        "| a | b | c | d | e | f |\n| --- | --- | --- | --- | --- | --- |\n"
        "|  | 1.5 | 100 | true | x\\|y | 2026-01-01 00:00:00 |\n"
    )
    assert refreshed(f"```sql\nselect {values}\n```\n\n|\n", database_of(demo)).endswith(
        f"\n\n{expected}"
    )


@pytest.mark.parametrize("page", [WALK, *AUDIENCES, CHOICE, *MOTIONS])
def test_numbers_between_the_examples_are_in_their_tables(page: str) -> None:
    """Every number of the text occurs in a result; 0 and 1 are ends of ranges."""
    text = text_of(page)
    tables = " ".join(example["table"] for example in EXAMPLE.finditer(text))
    prose = CODE.sub("", LINK.sub("", FENCE.sub("", EXAMPLE.sub("", text))))
    prose = ITEM.sub("", prose)
    days = re.findall(r"(\d+) June", prose)
    numbers = set(NUMBER.findall(re.sub(r"\d+ June", "", prose))) - {"0", "1"}
    assert numbers - set(re.findall(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])", tables)) == set()
    assert [day for day in days if f"2026-06-{int(day):02}" not in tables] == []


def profiles_of_policy() -> set[str]:
    """The profiles of qualification_profiles.csv."""
    return {row["profile"] for row in policy_rows("qualification_profiles")}


def policy_rows(table: str) -> list[dict[str, str]]:
    """The rows of a policy table."""
    return rows_of_csv(POLICY / f"{table}.csv")


def test_every_profile_can_be_chosen() -> None:
    """It has a line with a link to the page of its motion, which shows its rows."""
    lines = re.findall(r"^\| `(\w+)` \|.*\((motions/\w+\.md)\) \|$", text_of(CHOICE), re.MULTILINE)
    assert len(lines) == len(dict(lines))
    assert profiles_of_policy() - set(dict(lines)) == set()
    assert {page for _, page in lines} == set(MOTIONS)
    shown = {
        (profile, page)
        for page in MOTIONS
        for sql in CHOSEN.findall(text_of(page))
        for profile in re.findall(r"'(\w+)'", sql)
    }
    assert set(lines) == shown


def test_rows_of_the_worked_example_are_rows_of_the_policy() -> None:
    """Each block of CSV has the columns of a policy table, and names what there is."""
    headers = {
        tuple(policy_rows(path.stem)[0]): path.stem
        for path in POLICY.glob("*.csv")
        if policy_rows(path.stem)
    }
    models = {row["scoring_model"] for row in policy_rows("scoring_models")}
    text = "".join(map(text_of, [CHOICE, *MOTIONS]))
    blocks = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        header, *rows = csv.reader(block.splitlines())
        assert tuple(header) in headers
        assert {len(row) for row in rows} == {len(header)}
        cells = [dict(zip(header, row, strict=True)) for row in rows]
        assert {row["profile"] for row in cells if "profile" in row} <= profiles_of_policy() | {""}
        assert {row["scoring_model"] for row in cells if "scoring_model" in row} <= models


def test_sums_of_the_walk_are_right() -> None:
    """The points in brackets, times the multiplier, are the score, as written."""
    sums = re.findall(r"\((\d+) \+ (\d+) \+ (\d+)\) \S ([\d.]+) = (\d+(?:\.\d+)?)", text_of(WALK))
    assert len(sums) >= 5
    for fit, behaviour, intent, multiplier, score in sums:
        points = int(fit) + int(behaviour) + int(intent)
        assert points * float(multiplier) == pytest.approx(float(score), abs=1e-9)


@pytest.mark.parametrize("page", PAGES)
def test_columns_and_policy_files_exist(page: str, columns: set[str]) -> None:
    """Every `table.column` and every CSV that a page names."""
    named = {name for name in CODE.findall(FENCE.sub("", text_of(page))) if DOTTED.fullmatch(name)}
    files = {name for name in named if name.endswith(FILE_ENDINGS)}
    tables = {name for name in files if name.endswith(".csv")}
    assert {name for name in tables if not (POLICY / name).exists()} == set()
    assert named - files - columns == set()


def test_every_term_of_the_glossary_says_where(columns: set[str]) -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|(.*)\|$", text_of("glossary.md"), re.MULTILINE)[2:]
    terms = [term for term, _ in rows]
    assert terms == sorted(terms, key=str.lower)
    nowhere = [term for term, where in rows if not CODE.search(where)]
    assert nowhere == ["SQL, the language"]


@pytest.mark.parametrize("page", MARKDOWN)
def test_links_lead_somewhere(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    broken = []
    for target, anchor in LINK.findall(FENCE.sub("", text)):
        path = ((PROJECT / page).parent / target).resolve() if target else PROJECT / page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(f"{target}#{anchor}")
    assert broken == []


@pytest.mark.parametrize("page", [page for page in MARKDOWN if page != "CHANGELOG.md"])
def test_files_and_folders_exist(page: str) -> None:
    """Every path that begins with a folder of the project, such as `macros/cross_db/`."""
    named = CODE.findall(FENCE.sub("", (PROJECT / page).read_text(encoding="utf-8")))
    paths = {name for name in named if PATH.fullmatch(name)}
    assert sorted(path for path in paths if not list(PROJECT.glob(path.strip("/")))) == []


def anchors(path: Path) -> set[str]:
    """The anchors that code hosts give to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_motion_is_in_the_choice() -> None:
    assert [page for page in MOTIONS if f"({page})" not in text_of(CHOICE)] == []


@pytest.mark.parametrize("folder", [DOCS, DOCS / "adr"], ids=["docs", "adr"])
def test_every_page_is_in_the_index(folder: Path) -> None:
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert sorted(page for page in pages if f"({page})" not in index) == []


def test_every_public_table_has_its_place(demo: Warehouse) -> None:
    """Once, in a diagram or among the reports; and every line between tables can be read."""
    drawn = [table for table, _ in ENTITY.findall(text_of("public_tables.md"))]
    assert sorted([*drawn, *REPORTS]) == public_tables(demo)
    assert text_of("public_tables.md").count("||--") == len(RELATIONS)


def test_types_of_entities_are_those_of_the_tables(demo: Warehouse) -> None:
    found = demo.read(
        "select table_name, column_name, lower(data_type) as type "
        f"from information_schema.columns where table_schema = '{demo.marts}'"
    )
    names = {"varchar": "string", "integer": "integer", "date": "date", "timestamp": "timestamp"}
    types = {
        (row.table_name, row.column_name): names.get(row.type, row.type.split("(")[0])
        for row in found.itertuples()
    }
    drawn = {
        (table, column): kind
        for table, body in ENTITIES.items()
        for kind, column in re.findall(r"^ +(\w+) (\w+)", body, re.MULTILINE)
    }
    assert {key: types.get(key) for key in drawn} == drawn


@pytest.mark.parametrize("table", sorted(ENTITIES | REPORTS))
def test_keys_are_unique(table: str, demo: Warehouse) -> None:
    """And are those that the comparison with the reference uses."""
    keys = keys_of(table)
    assert set(keys) == set(KEYS.get(table, keys))
    if keys:
        grouped = f"select 1 from main_marts.{table} group by {', '.join(keys)} having count(*) > 1"
        assert demo.read(grouped).empty


@pytest.mark.parametrize(
    "relation", RELATIONS, ids=lambda relation: f"{relation.parent}-{relation.child}"
)
def test_relations_hold(relation: Relation, demo: Warehouse) -> None:
    """The child has a parent, one parent per row; the end of the line says how many children."""
    parent, child = f"main_marts.{relation.parent}", f"main_marts.{relation.child}"
    columns = relation.columns
    known = " and ".join(f"{column} is not null" for column in columns.split(", "))
    assert set(columns.split(", ")) == set(keys_of(relation.parent))
    orphans = (
        f"from (select {columns} from {child} where {known}) except select {columns} from {parent}"
    )
    assert demo.read(orphans).empty
    if relation.kind.endswith("|"):
        assert set(columns.split(", ")) == set(keys_of(relation.child))
    if relation.kind in ("||--|{", "||--||"):
        childless = f"select {columns} from {parent} except select {columns} from {child}"
        assert demo.read(childless).empty


def test_static_site_has_every_table_and_needs_no_network(demo: Warehouse) -> None:
    """One file, of make coverage or make docs; it loads nothing from elsewhere."""
    if not STATIC_SITE.exists():
        pytest.skip("no target/static_index.html; make docs writes it")
    page = STATIC_SITE.read_text(encoding="utf-8")
    missing = [
        table for table in public_tables(demo) if f'"model.lead_qualification.{table}"' not in page
    ]
    assert missing == [], "target/static_index.html is of another state; run make docs"
    assert REMOTE.findall(page) == []
    assert TRACKER_OFF.search(page)
