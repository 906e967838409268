"""Text from data: it is shown as text, whatever it says, wherever it is shown."""

from __future__ import annotations

import ast
import csv
import io
import random
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pandas
import pytest
from markdown_it import MarkdownIt

from lead_qualification.policy_diff.comparison import Change, Comparison, Example, Move, Reported
from lead_qualification.policy_diff.policy_rows import CellChange, PolicyChange
from lead_qualification.policy_diff.report import as_comment, as_json, as_terminal_text
from lead_qualification.policy_diff.subjects import ColumnChange, RowExample, SubjectChange
from lead_qualification.tables import Table, as_markdown, as_text
from lead_qualification.untrusted import WORD_JOINER, cell, lines, markdown, plain
from lead_qualification.warehouse import PROJECT

PAGES = PROJECT / "python" / "lead_qualification" / "dashboard"
HOSTILE = (
    "![x](http://elsewhere.example/pixel.png)",
    "[click](javascript:alert(1))",
    "[a][b]\n\n[b]: http://elsewhere.example",
    "<img src=http://elsewhere.example/pixel.png onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<http://elsewhere.example>",
    "http://elsewhere.example/a_b_c",
    "HTTPS://elsewhere.example",
    "www.elsewhere.example",
    "ann@elsewhere.example",
    "@everybody, see #12",
    "**bold** _slanted_ ~~gone~~ `code` $x^2$",
    "\\![x](http://elsewhere.example)",
    "\\\\[x](http://elsewhere.example)",
    "# heading",
    "- item",
    "12. item",
    "> quotation",
    "    indented",
    "a | b | c",
    "---",
    ":material/home: :red[x] :smile:",
    "&lt;b&gt; &#60;",
    "two\nlines\r\nand\u2028three",
    "\x1b[31mred\x1b[0m \x9b2J \x07",
    "right \u202eto left\u2069 \U000e0041",
)
SINKS = (
    "badge button caption checkbox error exception expander header help html info json latex "
    "link_button markdown metric page_link radio subheader success tabs title toast warning write"
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_renders_as_the_text_itself(text: str) -> None:
    assert _rendered(markdown(text)) == plain(text).strip()
    assert _rendered(f"**{markdown(text)}**") == plain(text).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_markdown_becomes_a_link(text: str) -> None:
    shown = re.sub(r"\\(.)", r"\1", markdown(text))
    assert not re.search(r"://|www\.\w|\w@\w|mailto:\w|#\d|:\w+:", shown, re.IGNORECASE)


def test_random_text_renders_as_itself() -> None:
    generator = random.Random(17)
    letters = "ab1 \\`*_[]()<>~$|&;!#:@/.-+={}\"'^\n\té"
    for _ in range(3000):
        text = "".join(generator.choices(letters, k=generator.randrange(1, 25)))
        if plain(text).strip():
            assert _rendered(markdown(text)) == plain(text).strip(), repr(text)


def test_words_of_ours_stay_as_they_are() -> None:
    for text in (
        "marketing_qualified",
        "score 27.0 → 32.0",
        "-5.0",
        "95 %: 12 to 15 %",
        "10:32:00",
    ):
        assert markdown(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_is_one_line_that_does_nothing(text: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", plain(text))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", lines(text))


def test_names_of_the_world_stay_as_they_are() -> None:
    for name in ("Zoë Ångström", "李小龍", "نرگس", "می‌خواهم", "👩‍💻 O'Neil-Smith, Jr."):
        assert plain(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://elsewhere.example")',
        "+49 30 1234",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\uff1d1",
        "-",
    ],
)
def test_a_formula_is_a_text_to_a_spreadsheet(text: str) -> None:
    assert cell(text) == f"'{lines(text)}"
    (row,) = csv.reader(io.StringIO(Table(("a",), ((text,),)).csv().partition("\n")[2]))
    assert row == [f"'{lines(text)}"]


@pytest.mark.parametrize(
    "value",
    [
        *("-5", "+5", "-5.25", "-1e-9", "", "a=b", "O'Neil", "'=1", "12 - 3"),
        *(-5, Decimal("-5.2500"), -0.5, True, None, date(2026, 3, 1), datetime(2026, 3, 1, 10)),
    ],
)
def test_a_number_stays_a_number(value: object) -> None:
    assert cell(value) == value
    assert type(cell(value)) is type(value)


def test_a_text_begins_no_row_of_a_csv() -> None:
    assert Table(("a",), (("b\r=1",), ("c\n=1",))).csv() == 'a\n"b\n=1"\n"c\n=1"\n'


def test_a_csv_keeps_the_values_of_numbers() -> None:
    table = Table(("n", "t"), ((Decimal("-12.3400"), "-12.34"), (-7, "=7"), (None, None)))
    assert table.csv() == "n,t\n-12.3400,-12.34\n-7,'=7\n,\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_tables_have_a_line_for_each_row(text: str) -> None:
    for rows in (Table(("name", "n"), ((text, 1),)), pandas.DataFrame({"name": [text], "n": [1]})):
        assert len(as_text(rows).split("\n")) == 3
        assert plain(text) in as_text(rows)
        shown = as_markdown(rows)
        assert len(shown.split("\n")) == 3
        html = MarkdownIt("commonmark").enable("table").render(shown)
        assert html.count("<td") == 2
        assert not re.search(r"<(?!/?(table|thead|tbody|tr|th|td)\b)", html)


def test_charts_and_lists_get_one_harmless_line() -> None:
    table = Table(("name",), (("a\x1b[1m\nb",), (None,)))
    assert table.frame["name"].tolist() == ["a\ufffd[1m b", None]
    assert table.values("name") == ["a\x1b[1m\nb", None]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_report_of_a_policy_diff_shows_text(text: str) -> None:
    """Cells of the policy are those of a branch that anybody may have pushed."""
    found = Comparison(
        before="before.duckdb",
        after="after.duckdb",
        as_of="2026-06-30",
        leads=1,
        only_before=(text,),
        only_after=(),
        policy=(PolicyChange("stages", text, "changed", (CellChange("label", "a", text),)),),
        changes=(Change("stage", 1, 1.0, (Move("a", text, 1, (Example(text, 1, 2, text),)),)),),
        scores_changed=0,
        totals=(),
        reported=(Reported("2026-05", "mqls", 2, 1, 1, 0),),
        restating=(text,),
        subjects=(
            SubjectChange(
                *("Hand-offs", "handoffs", 1, 1, 1, 0),
                columns=(ColumnChange("owner", 1, (RowExample(text, text, "a"),)),),
                gone_examples=(text,),
                came_examples=(),
                missing_in=(),
            ),
        ),
    )
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").parse(as_comment(found, 0))
    inline = [child for token in rendered for child in token.children or []]
    assert {token.type for token in inline} <= {"text", "code_inline", "softbreak", "text_special"}
    html = [token.content for token in rendered if token.type.startswith("html")]
    assert all("elsewhere" not in one and "alert" not in one for one in html)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", as_terminal_text(found, 0))
    assert not re.search(r"[^\x0a\x20-\x7e]", as_json(found, 0))


def test_no_page_renders_markdown_of_its_own() -> None:
    """What a page shows goes through parts, which escape it; of its own it shows constants."""
    found = [
        f"{path.name}:{call.lineno}"
        for path in [*sorted((PAGES / "views").glob("*.py")), PAGES / "app.py"]
        for call in _calls(path)
        if any(not _is_constant(value) for value in call.args)
    ]
    assert found == []


def _calls(path: Path) -> list[ast.Call]:
    """The calls of functions of Streamlit that render Markdown or HTML."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SINKS.split()
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "streamlit"
    ]


def _is_constant(value: ast.expr) -> bool:
    """Whether an argument is written in the program: a text, or a constant of a module."""
    if isinstance(value, ast.Attribute):
        return value.attr.isupper()
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id.isupper())


def _rendered(text: str) -> str:
    """What a reader sees; a link, an image or HTML is an error."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], text
    children = tokens[1].children or []
    assert {token.type for token in children} <= {
        "text",
        "text_special",
        "strong_open",
        "strong_close",
    }
    return "".join(token.content for token in children).replace(WORD_JOINER, "")
