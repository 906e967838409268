"""The parts of a page: headings, filters in the URL, numbers with definitions, charts, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import altair
import streamlit

from lead_qualification.dashboard import charts
from lead_qualification.dashboard.access import may_be_shown
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.reading import Reader, reader_of_environment
from lead_qualification.dashboard.variables import RESTATED
from lead_qualification.dashboard.wording import NOTHING, count, interval, percent
from lead_qualification.dashboard.wording import plain as shown_plain
from lead_qualification.errors import HeldError, LeadqError, WarehouseError
from lead_qualification.labels import LABELS, Labels, within
from lead_qualification.labels import words as words_of
from lead_qualification.metrics import label_of
from lead_qualification.redaction import redacted
from lead_qualification.settings import setting
from lead_qualification.tables import Table
from lead_qualification.untrusted import cell, markdown

RULES_OF_THEIR_TIME, TODAYS_RULES = "as reported", "restated"
ALL, NONE = "all", "none"
ALL_TIME = "all time"
LISTED = 500
# A list shows whole rows and scrolls to the others; pixels, as Streamlit draws them.
ROWS_IN_SIGHT, ROW_HEIGHT, BORDER = 10, 35, 2
AS_OF = "select max(as_of) as as_of from {marts}.source_freshness"
VERSIONS = """
select policy_version, valid_from, changes
from {marts}.policy_versions
where valid_from > $first and valid_from <= $last
order by valid_from
"""
LEAD_PAGE, ACCOUNT_PAGE, LIST_PAGE = "lead?search=", "account?id=", "leads"
LISTS = ("handoffs", "queue", "ageing", "work")
PAGES = "pages that links lead to"
REP_COLUMNS = ("rep_id", "assigned_rep_id", "recommended_rep_id")
REP_NAMES = "select rep_id, name from {staging}.stg_sales__sales_reps where name is not null"
STYLE = """
<style>
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
  [data-testid="stDownloadButton"], [data-testid="stElementToolbar"], [data-testid="stSelectbox"],
  [data-testid="stTextInput"], [data-testid="stTooltipIcon"], [data-testid="stExpandSidebarButton"]
    { display: none !important; }
  .stApp, .stMain, [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    position: static !important; overflow: visible !important; height: auto !important; }
  [data-testid="stFullScreenFrame"], [data-testid="stMetric"] { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
[data-testid="stMainBlockContainer"] { padding-top: 3rem; padding-bottom: 3rem; }
[data-testid="stHeading"] h1 { font-size: 2.1rem; padding: 0; }
[data-testid="stHeading"] h2 { font-size: 1.5rem; padding: 1rem 0 0.25rem; }
[data-testid="stHeading"] h3 { font-size: 1.05rem; padding: 0.25rem 0; }
[data-testid="stMain"] [data-testid="stPageLink"] a { padding-left: 0; }
[data-testid="stMain"] [data-testid="stPageLink"] p { text-decoration: underline; }
[data-testid="stMetricValue"] { font-size: 1.7rem; }
[data-testid="stMetricLabel"] *, [data-testid="stMetricValue"] * {
  white-space: normal !important; overflow: visible !important; }
[data-testid="stCaptionContainer"] {
  color: color-mix(in srgb, currentColor 80%, transparent) !important; opacity: 1 !important; }
[data-testid="stCaptionContainer"] * { color: inherit; }
[data-testid="stVegaLiteChart"] svg text { fill: currentColor; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 4.5rem 1rem 3rem; }
  [data-testid="stHeading"] h1 { font-size: 1.7rem; }
  [data-testid="stHeading"] h2 { font-size: 1.3rem; }
  [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]) > [data-testid="stColumn"] {
    flex: 1 1 calc(50% - 1rem); min-width: calc(50% - 1rem); }
}
a:focus-visible, button:focus-visible, summary:focus-visible {
  outline: 3px solid #d55e00 !important; outline-offset: 2px; }
</style>
"""


@dataclass(frozen=True)
class Number:
    """A number with its definition.

    Attributes:
        name: Column of the table; its description is the definition.
        shown: The number as text.
        note: What stands below it, such as an interval.
        title: Heading; default: the name of the metric, else the column's name as words.
        link: Address of the list of what is counted, which has as many rows; see ``leads_link``.
    """

    name: str
    shown: str
    note: str = ""
    title: str = ""
    link: str = ""


@streamlit.cache_resource(show_spinner=False)
def _reader(is_restated: bool) -> Reader:
    """The one reader of this server for a build."""
    return reader_of_environment(is_restated)


def is_restated() -> bool:
    """Whether the reader of the page asks for the build that is restated with today's rules."""
    return bool(setting(RESTATED)) and streamlit.session_state.get("rules") == TODAYS_RULES


def reader() -> Reader:
    """What reads the build that the page shows."""
    return _reader(is_restated())


def choose_rules() -> None:
    """Let the reader choose between what was reported and what today's rules make of it."""
    if setting(RESTATED):
        with streamlit.sidebar:
            choice(
                "Rules",
                "rules",
                [RULES_OF_THEIR_TIME, TODAYS_RULES],
                RULES_OF_THEIR_TIME,
                "As reported: every score, stage and hand-off by the rules of its time. Restated: "
                "as if the rules of today had always been in force.",
            )


def sentence(text: str) -> str:
    """Return a message as a sentence; empty for none."""
    return f"{text[0].upper()}{text[1:]}." if text else ""


def read(sql: str, **parameters: Any) -> Table:
    """Return the rows of a query, from memory while the build is the same."""
    return reader().read(sql, **parameters)


def labels() -> Labels:
    """The words for the codes of the build; a build without labels has the words of its codes."""
    try:
        return _labels(read(LABELS))
    except HeldError:
        raise
    except WarehouseError:
        return Labels()


def in_markdown(text: str) -> str:
    """Return Markdown of the project with words for its codes; the words may be anybody's."""
    try:
        return _escaped_labels(read(LABELS)).text(text)
    except HeldError:
        raise
    except WarehouseError:
        return Labels().text(text)


@lru_cache(maxsize=4)
def _labels(table: Table) -> Labels:
    """The labels of a table that was read."""
    return Labels(table.rows)


@lru_cache(maxsize=4)
def _escaped_labels(table: Table) -> Labels:
    """The labels of a table that was read, as they stand in Markdown."""
    return Labels(table.rows, markdown)


def told(column: str, value: Any) -> str:
    """Return a value of a column as people read it: the label of a code, a dash for none.

    A rep has a name where names may be shown.
    """
    if column in REP_COLUMNS and (name := rep_names().get(value)):
        return shown_plain(f"{name} ({value})")
    return shown_plain(labels().value(column, value))


def rep_names() -> dict[str, str]:
    """The names of reps by id; empty where they may not be shown."""
    if not may_be_shown("sales_reps", ["name"]):
        return {}
    try:
        return dict(read(REP_NAMES).rows)
    except HeldError:
        raise
    except WarehouseError:
        return {}


def heading_of(column: str) -> str:
    """Return the heading of a column."""
    return labels().heading(column)


def meaning_of(table: str, column: str = "") -> str:
    """Return what a table or a column means, in Markdown without codes."""
    definition = definition_of(table)
    return in_markdown(definition.of(column) if column else definition.description)


def as_of() -> str:
    """The moment that the tables describe, as text."""
    moment = read(AS_OF).rows[0][0]
    return NOTHING if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def heading(title: str, question: str) -> None:
    """Begin a page with its title, what it answers and the moment that it describes."""
    streamlit.title(title, anchor=False)
    rules = " **Restated with the rules of today.**" if is_restated() else ""
    streamlit.caption(f"{question} As of {as_of()}.{rules}")


def section(title: str, what: str = "", meaning: str = "") -> None:
    """Begin a section.

    Args:
        title: Plain text, which may come from data.
        what: A sentence below it, in Markdown of the project.
        meaning: Its definition, in Markdown of the project, behind the sign for help.
    """
    streamlit.header(markdown(title), anchor=False, help=in_markdown(meaning) or None)
    if what:
        streamlit.caption(in_markdown(what))


def subtitle(text: str, meaning: str = "") -> None:
    """Begin a part of a section; the text may come from data, the meaning is of the project."""
    streamlit.subheader(markdown(text), anchor=False, help=in_markdown(meaning) or None)


def statement(text: str, meaning: str = "") -> None:
    """Say what matters; the text may come from data, the meaning is of the project."""
    streamlit.markdown(f"**{markdown(text)}**", help=in_markdown(meaning) or None)


def explanation(text: str, meaning: str) -> None:
    """Say something in small letters, and what it means behind the sign for help."""
    streamlit.caption(markdown(text), help=in_markdown(meaning) or None)


def note(text: str) -> None:
    """Say something in small letters; the text may come from data."""
    streamlit.caption(markdown(text))


def verdict(name: str, meaning: str) -> None:
    """Show a verdict, which may come from data, and what it means, in Markdown of the project."""
    streamlit.info(f"**{markdown(name)}.** {meaning}", icon=":material/flag:")


def failure(error: LeadqError, further: str = "") -> None:
    """Show what went wrong and what to do; both may name what is in the data."""
    what, remedy = (
        markdown(sentence(redacted(text))) for text in (error.what, error.remedy + further)
    )
    streamlit.error(f"**{what}** {remedy}", icon=":material/error:")


def choice(
    title: str,
    name: str,
    options: Sequence[Any],
    default: Any,
    meaning: str = "",
    column: str = "",
) -> Any:
    """Return the option that the reader chose; it is in the URL as ?name=option.

    The reader sees labels; the URL has the code, so that it stays the same when a label changes.
    An option that does not exist is as none chosen.

    Args:
        title: Heading of the box.
        name: Its name in the URL.
        options: What may be chosen.
        default: What is chosen at first.
        meaning: What it means, shown on hover.
        column: The column that the options are values of; default: the name.
    """
    found = list(options) if default in options else [default, *options]
    known = f"{name} of the address"
    asked = streamlit.query_params.get(name)
    # Streamlit forgets a box while another page is shown; Back then brings its address only.
    if streamlit.session_state.get(name) not in found or asked != streamlit.session_state.get(
        known
    ):
        fitting = [option for option in found if str(option) == asked]
        streamlit.session_state[name] = fitting[0] if fitting else default
    chosen = streamlit.selectbox(
        markdown(title),
        found,
        format_func=lambda option: told(column or name, option),
        key=name,
        help=in_markdown(meaning) or None,
    )
    if chosen != default:
        streamlit.query_params[name] = str(chosen)
    elif asked is not None:
        del streamlit.query_params[name]
    streamlit.session_state[known] = streamlit.query_params.get(name)
    return chosen


def period(title: str, months: Sequence[date], meaning: str) -> str:
    """Return all time or the month that the reader chose; it is in the URL as ?period=2026-01."""
    options = [ALL_TIME, *(f"{month:%Y-%m}" for month in months)]
    return choice(title, "period", options, ALL_TIME, meaning)


def month_of(period: str) -> str | None:
    """The first day of a period that is a month; None for all time."""
    return None if period == ALL_TIME else f"{period}-01"


def words(title: str, name: str, meaning: str = "", longest: int = 200) -> str:
    """Return what the reader typed, stripped; it is in the URL as ?name=words."""
    state, known = streamlit.session_state, f"{name} of the address"
    asked = streamlit.query_params.get(name, "")[:longest]
    # A box that Streamlit binds to the address writes a step of its own into the way Back.
    if name not in state or asked != state.get(known):
        state[name] = asked
    typed = streamlit.text_input(title, key=name, help=meaning or None, max_chars=longest)
    found = (typed or "").strip()
    if found:
        streamlit.query_params[name] = found
    elif name in streamlit.query_params:
        del streamlit.query_params[name]
    state[known] = found
    return found


def escaped(words: str) -> str:
    """Return words as they stand in a pattern of ``like ... escape '!'``."""
    for special in "!%_":
        words = words.replace(special, f"!{special}")
    return words


def leads_link(**filters: Any) -> str:
    """Return the address of the list of the leads that fit filters; none for what is all."""
    chosen = {
        name: str(value)
        for name, value in filters.items()
        if value not in (None, "", ALL, ALL_TIME) or name in LISTS
    }
    return f"{LIST_PAGE}?{urlencode(chosen, quote_via=quote)}" if chosen else LIST_PAGE


def link(title: str, address: str) -> None:
    """Show a link to a page of the dashboard; the title is of the project.

    The reader stays signed in, and Back leads here again.
    """
    path, _, query = address.partition("?")
    page = streamlit.session_state.get(PAGES, {}).get(path)
    if page is None:
        streamlit.markdown(f"[{markdown(title)}]({quote(address, safe='?&=%/')})")
    else:
        streamlit.page_link(page, label=markdown(title), query_params=parse_qsl(query))


def outer_link(title: str, address: str) -> None:
    """Show a link to another system; only addresses of the web are shown."""
    if address.startswith(("https://", "http://")):
        streamlit.link_button(title, address, icon=":material/open_in_new:")


def folded(title: str) -> AbstractContextManager[Any]:
    """A section that is closed at first: plain text, a question that its table answers."""
    return streamlit.expander(markdown(title))


def rate(row: dict[str, Any], stem: str, counts: Sequence[str] = ()) -> Number:
    """Return a rate with its interval.

    Args:
        row: Has <stem>_rate, <stem>_low and <stem>_high, 0-1 or None.
        stem: Name of the rate, such as mql_to_sql.
        counts: Columns of its numerator and denominator, where the note should name them.
    """
    of = " of ".join(count(row[name]) for name in counts)
    ends = interval(row[f"{stem}_low"], row[f"{stem}_high"])
    name = f"{stem}_rate"
    return Number(name, percent(row[name]), "; ".join(filter(None, (of, ends))))


def name_of(table: str, column: str) -> str:
    """Return what a column is called: as the registry of metrics says, else its name as words."""
    # The registry counts rows by their key; in a list the key is only a name.
    of_metric = "" if column.endswith("_id") else label_of(table, column)
    return of_metric or heading_of(column)


def numbers(table: str, found: Sequence[Number], in_row: int = 6) -> None:
    """Show numbers in rows, each with its definition and as_of on hover."""
    for start in range(0, len(found), in_row):
        _row_of_numbers(table, found[start : start + in_row], min(in_row, len(found)))


def _row_of_numbers(table: str, found: Sequence[Number], columns: int) -> None:
    """Numbers side by side."""
    for column, number in zip(streamlit.columns(columns), found, strict=False):
        meaning = meaning_of(table, number.name)
        with column, streamlit.container(gap=None):
            streamlit.metric(
                markdown(number.title or name_of(table, number.name)),
                markdown(number.shown),
                help=f"{meaning} From {from_table(table)}, as of {as_of()}.".strip(),
            )
            if number.note:
                note(number.note)
            if number.link:
                link("Show leads", number.link)


def with_policy_versions(
    chart: altair.LayerChart, table: Table, time: str, last: datetime | None = None
) -> altair.LayerChart:
    """Return a chart with a mark where the policy changed.

    Args:
        chart: Over time.
        table: Its numbers.
        time: Their column on the axis of time.
        last: The end of the axis; default: the last of them.
    """
    times = table.values(time)
    if not times:
        return chart
    versions = read(VERSIONS, first=min(times), last=last or max(times))
    return charts.with_versions(chart, versions.frame) if versions.rows else chart


def picture(
    chart: altair.TopLevelMixin | None,
    table: Table,
    source: str,
    name: str,
    *,
    alt: str,
    defines: Sequence[str] = (),
    complete: Callable[[], Table] | None = None,
    links: Callable[[dict[str, Any]], str] | None = None,
) -> None:
    """Show a chart, what its numbers mean, and the numbers as a list and as CSV.

    Args:
        chart: The chart; None where no row can be drawn, then there is only the list.
        table: Its numbers.
        source: The public table that they are from.
        name: Name of the CSV file, unique on the page.
        alt: What the chart shows, for those who do not see it.
        defines: Columns whose definitions are behind the sign for help below the chart.
        complete: Reads all rows for the CSV if the chart shows only some.
        links: Gives the address of the list of the leads of a row; empty for none.
    """
    if chart is None or not table.rows:
        listing(table, source, name, complete=complete, links=links)
        return
    with streamlit.container(gap="xsmall"):
        streamlit.altair_chart(
            charts.labelled(chart, labels()), width="stretch", alt=alt, key=f"chart_{name}"
        )
        _origin(source, defines)
        with streamlit.expander("Numbers"):
            _list(table, source, name, complete, links)


def listing(
    table: Table,
    source: str,
    name: str,
    *,
    complete: Callable[[], Table] | None = None,
    links: Callable[[dict[str, Any]], str] | None = None,
) -> None:
    """Show a list with its definitions on hover, and the rows as CSV."""
    if not table.rows:
        nothing()
        return
    with streamlit.container(gap="xsmall"):
        _list(table, source, name, complete, links)
        _origin(source)


def _origin(source: str, defines: Sequence[str] = ()) -> None:
    """Say in small letters where numbers are from; what they mean is behind the sign for help."""
    meanings = [
        f"**{markdown(name_of(source, column))}**: {meaning_of(source, column)}"
        for column in defines
    ]
    streamlit.caption(
        f"From {from_table(source)}, as of {as_of()}.", help="\n\n".join(meanings) or None
    )


def from_table(table: str) -> str:
    """Return the name of a table as words within a sentence."""
    return within(words_of(table.removeprefix("int_")))


def nothing(what: str = "No rows for this choice.", remedy: str = "") -> None:
    """Say that there is nothing to show, and what to do about it; both may come from data."""
    told = f"{what} {remedy or 'Choose other filters.'}"
    streamlit.info(markdown(told), icon=":material/info:")


def complete(sql: str, **parameters: Any) -> Callable[[], Table]:
    """Return what reads all rows of a query later, in another thread."""
    return partial(reader().read, sql, **parameters)


def _list(
    table: Table,
    source: str,
    name: str,
    complete: Callable[[], Table] | None,
    links: Callable[[dict[str, Any]], str] | None = None,
) -> None:
    """A list and a button for its CSV."""
    # What is shown can be copied, and saved by the browser, as it is.
    frame = labels().table(table).frame
    texts = frame.select_dtypes("object")
    frame = frame.assign(**{str(name): texts[name].map(cell) for name in texts})
    if "lead_id" in frame:
        frame["lead_id"] = [LEAD_PAGE + quote(str(lead)) for lead in table.values("lead_id")]
    if "account_id" in frame:
        frame["account_id"] = [
            None if account is None else ACCOUNT_PAGE + quote(str(account))
            for account in table.values("account_id")
        ]
    for column in REP_COLUMNS:
        if column in frame and rep_names():
            frame[column] = [told(column, rep) for rep in table.values(column)]
    if links is not None:
        frame["leads_list"] = [links(row) or None for row in table.records]
    streamlit.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        placeholder=NOTHING,
        height=ROW_HEIGHT * (min(len(frame), ROWS_IN_SIGHT) + 1) + BORDER,
        column_config={str(column): _column(str(column), table, source) for column in frame},
        key=f"list_{name}",
    )
    streamlit.download_button(
        "Download CSV",
        data=partial(_csv, complete or (lambda: table), labels()),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
        help=f"All rows of {from_table(source)} that fit the filters, with all decimal places.",
    )


def _csv(table: Callable[[], Table], worded: Labels) -> bytes:
    """The rows as a file, with labels for codes."""
    rows = worded.table(table())
    return Table(worded.headings(rows.columns), rows.rows).csv().encode()


def _column(name: str, table: Table, source: str) -> Any:
    """How a column of a list looks; its heading says on hover what it means."""
    settings: dict[str, Any] = {
        "label": name_of(source, name),
        "help": meaning_of(source, name) or meaning_of("next_best_action", name) or None,
    }
    if name == "lead_id":
        return streamlit.column_config.LinkColumn(
            **settings, display_text=r"search=(.*)$", width="small"
        )
    if name == "account_id":
        return streamlit.column_config.LinkColumn(
            **settings, display_text=r"id=(.*)$", width="small"
        )
    if name == "leads_list":
        return streamlit.column_config.LinkColumn(
            "List", display_text="Show leads", help="Opens the list of the leads of the row."
        )
    if is_share(name, table.columns):
        return streamlit.column_config.NumberColumn(**settings, format="percent")
    if name.endswith("_at") or name in ("as_of", "valid_from", "valid_to", "cooldown_until"):
        return streamlit.column_config.DatetimeColumn(**settings, format="YYYY-MM-DD HH:mm")
    # The month of a forecast is how many months from now, no day.
    are_days = all(hasattr(value, "year") for value in table.values(name) if value is not None)
    if name.endswith(("_on", "month", "week_start")) and are_days:
        return streamlit.column_config.DateColumn(**settings, format="YYYY-MM-DD")
    return streamlit.column_config.Column(**settings)


def is_share(name: str, columns: Sequence[str]) -> bool:
    """Whether a column holds a rate 0-1: a rate, a share, or an end of their interval."""
    stem = name.removesuffix("_low").removesuffix("_high")
    return name.endswith(("_rate", "_share")) or (
        stem != name and (f"{stem}_rate" in columns or f"{stem}_share" in columns)
    )
