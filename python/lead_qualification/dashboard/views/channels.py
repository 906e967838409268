"""Channels and benchmarks: each channel against each document's band, cost per SQL, ROI."""

from __future__ import annotations

import pandas
import streamlit

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.parts import ALL
from lead_qualification.dashboard.wording import decimal, money, plain, with_currency
from lead_qualification.metrics import COUNTING, metric
from lead_qualification.tables import Table

TITLE = "Channels and benchmarks"
OVERALL = "overall"
UNITS = ("ratio", "minutes", "days")

CHOICES = "select distinct {column} as found from {marts}.benchmark_comparison order by 1"
BENCHMARKS = """
select * from {marts}.benchmark_comparison
where ($source = 'all' or source = $source)
    and ($metric = 'all' or metric = $metric)
    and ($dimension = 'all' or dimension = $dimension)
order by metric, dimension, member, source
"""
CHANNELS = "select * from {marts}.channel_conversion order by leads desc, channel"
TOTALS = """
select *, member as channel from {marts}.channel_roi
where month is null and dimension in ('overall', 'channel')
order by case when dimension = 'overall' then 0 else 1 end, cost desc, member
"""
MONTHS = """
select *, member as channel from {marts}.channel_roi
where month is not null and dimension in ('overall', 'channel') and member = $channel
order by month
"""

ATTRIBUTION_MODELS = (
    "select distinct attribution_model as found from {marts}.attribution order by 1"
)
ATTRIBUTED = """
select *
from {marts}.attribution
where attribution_model = $model
order by revenue_won desc, pipeline_open desc, opportunities desc, campaign_id
"""
DELIVERED = "select * from {marts}.email_delivery order by month desc, program"
ENGAGED = "select * from {marts}.engagement_rate order by month desc, program"


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "Which channel brings leads that sales accepts, and where are we behind?")
    _benchmarks()
    _channels()
    _costs()
    _campaigns()
    _emails()


def _choices(column: str) -> list[str]:
    """The values of a column of the comparison; the column's name is ours, not the reader's."""
    return [parts.ALL, *parts.read(CHOICES.replace("{column}", column)).values("found")]


def _benchmarks() -> None:
    """Our figures on the bands of the documents."""
    parts.section(
        "Against published benchmarks",
        "The band is what a document calls usual; the mark is our own figure of mature leads "
        "with its 95 % interval. Clearly means the whole interval, probably the figure alone.",
    )
    meaning = definition_of("benchmark_comparison")
    chosen = {}
    for column, name in zip(streamlit.columns(3), ("source", "metric", "dimension"), strict=True):
        with column:
            chosen[name] = parts.choice(
                parts.heading_of(name), name, _choices(name), parts.ALL, meaning.of(name)
            )
    found = parts.read(BENCHMARKS, **chosen)
    if not found.rows:
        parts.nothing("No benchmark fits these filters.")
        return
    frame = _with_bands(found)
    for unit in UNITS:
        part = frame[frame["unit"] == unit]
        if len(part):
            name = "benchmarks" if unit == "ratio" else f"benchmarks_{unit}"
            title = "" if unit == "ratio" else parts.told("unit", unit)
            rows = Table(
                found.columns,
                tuple(row for row in found.rows if row[found.columns.index("unit")] == unit),
            )
            parts.picture(
                charts.benchmark_bands(part, title, unit == "ratio"),
                rows,
                "benchmark_comparison",
                name,
                alt="Bands of the documents with our own figure, its interval and its verdict.",
                defines=("actual", "verdict") if unit == "ratio" else (),
            )
    _advice(found)


def _with_bands(found: Table) -> pandas.DataFrame:
    """The rows with a name and the two ends of what is drawn; an open end goes to the figure."""
    frame = found.frame
    numbers = frame[["low", "high", "actual", "actual_high"]].astype(float)
    return frame.assign(
        name=[
            plain(
                f"{parts.told('member', OVERALL if row['member'] == ALL else row['member'])}: "
                f"{_name_of(row['metric'])} ({parts.told('source', row['source'])})"
            )
            for row in found.records
        ],
        band_from=numbers["low"].fillna(0),
        band_to=numbers["high"].fillna(numbers.max(axis=1)),
    )


def _name_of(code: str) -> str:
    """What a metric of a benchmark is called; it is over the leads of the mature year."""
    found = metric(f"mature_{code}") or metric(f"mature_{code}".replace("_won_", "_customer_"))
    return found.label.removesuffix(", mature year") if found else parts.told("metric", code)


def _advice(found: Table) -> None:
    """Verdicts that ask for something, in words."""
    asking = [row for row in found.records if row["advice"]]
    if asking:
        parts.section(
            "What to do", "Advice of the primary source, where its warning clearly applies."
        )
        columns = ("member", "metric", "source", "verdict", "actual", "low", "high", "advice")
        rows = tuple(tuple(row[name] for name in columns) for row in asking)
        parts.listing(Table(columns, rows), "benchmark_comparison", "advice")


def _channels() -> None:
    """The channels side by side."""
    parts.section("Channels, all time", f"{COUNTING['cohort']} All leads, young and old.")
    found = parts.read(CHANNELS)
    rate, details = "mql_to_sql_rate", ["mqls_to_sql:Q", "mqls:Q"]
    if found.frame[rate].isna().all():
        rate, details = "lead_to_customer_rate", ["leads_to_customer:Q", "leads:Q"]
    frame = found.frame.dropna(subset=[rate])
    if len(frame) == 0:
        parts.nothing("No channel has a lead yet.", "Look at the page Data for what arrived.")
        return
    parts.picture(
        charts.intervals(
            frame, "channel", rate, details, parts.name_of("channel_conversion", rate)
        ),
        found,
        "channel_conversion",
        "channels",
        alt="The rate of each channel with its 95 % interval.",
        defines=(rate, "direct_sqls"),
        links=lambda row: parts.leads_link(dimension="channel", member=row["channel"]),
    )


def _costs() -> None:
    """What a channel costs and returns."""
    parts.section("Cost and return")
    found = parts.read(TOTALS)
    if not found.rows:
        parts.nothing("No costs have arrived.", "Load the raw table campaign_costs.")
        return
    channel = parts.choice("Channel", "channel", found.values("channel"), parts.ALL)
    row = next(row for row in found.records if row["channel"] == channel)
    parts.numbers(
        "channel_roi",
        [
            *(
                parts.Number(name, money(row[name]))
                for name in ("cost", "cost_per_sql", "cac", "revenue_won", "pipeline_open")
            ),
            parts.Number("roi", decimal(row["roi"])),
        ],
    )
    frame = found.frame[found.frame["channel"] != parts.ALL]
    priced = frame.dropna(subset=["cost_per_sql"])
    left, right = streamlit.columns(2)
    with left:
        parts.picture(
            charts.bars(
                priced.assign(cost_per_sql=priced["cost_per_sql"].astype(float).round()),
                "channel",
                "cost_per_sql",
                with_currency("Cost per SQL"),
            ),
            found,
            "channel_roi",
            "cost_per_sql",
            alt="Bars: cost per SQL of each channel.",
            defines=("cost_per_sql",),
        )
    with right:
        returned = frame.dropna(subset=["roi"])
        parts.picture(
            charts.signed_bars(returned, "channel", "roi", "ROI (0: the money came back)"),
            found,
            "channel_roi",
            "roi",
            alt="Bars: return on investment of each channel; left of 0 is a loss.",
            defines=("roi",),
        )
    months = parts.read(MONTHS, channel=channel)
    parts.subtitle(f"Cost per SQL by month: {parts.told('channel', channel)}")
    parts.picture(
        parts.with_policy_versions(
            charts.lines(
                months.frame, "month", "cost_per_sql", with_currency("Cost per SQL"), ",.0f"
            ),
            months,
            "month",
        ),
        months,
        "channel_roi",
        "cost_by_month",
        alt="Cost per SQL month by month.",
    )


def _campaigns() -> None:
    """Which campaigns the deals are due to."""
    models = parts.read(ATTRIBUTION_MODELS).values("found")
    if not models:
        return
    parts.section("Which campaigns are deals due to?")
    model = parts.choice(
        parts.heading_of("attribution_model"),
        "attribution",
        models,
        "linear" if "linear" in models else models[0],
        definition_of("attribution").of("attribution_model"),
        "attribution_model",
    )
    found = parts.read(ATTRIBUTED, model=model)
    first = found.records[0]
    parts.numbers(
        "attribution",
        [
            parts.Number("campaign_id", plain(first["campaign_id"]), title="First campaign"),
            parts.Number(
                "revenue_won", decimal(first["revenue_won"], 0), title="Revenue due to it"
            ),
            parts.Number(
                "pipeline_open", decimal(first["pipeline_open"], 0), title="Open pipeline due to it"
            ),
        ],
        in_row=3,
    )
    with parts.folded("What is each campaign's part?"):
        parts.listing(found, "attribution", "attribution")


def _emails() -> None:
    """Whether e-mails arrive, and whether anybody answers them."""
    parts.section("Do e-mails arrive, and does anybody react?")
    for title, sql, table, name in (
        ("Which share arrives, month by month?", DELIVERED, "email_delivery", "delivery"),
        ("Which share of the leads reacts, month by month?", ENGAGED, "engagement_rate", "engaged"),
    ):
        with parts.folded(title):
            parts.listing(parts.read(sql), table, name)
