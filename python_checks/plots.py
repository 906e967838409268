"""Draws what a build found as SVG: calibration, channels, scores by outcome, speed to lead.

Command: ``python -m python_checks.plots --out DIR`` (reads the file of LEAD_DB_PATH, by default
lead_qualification.duckdb in this folder). The same build gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from lead_qualification.errors import WarehouseError
from lead_qualification.untrusted import plain
from lead_qualification.warehouse import Warehouse, warehouse_of_target

# Okabe and Ito: told apart with any colour vision, and of different lightness in print.
BLUE, VERMILION, GREEN, SKY, GREY = "#0072B2", "#D55E00", "#009E73", "#56B4E9", "#767676"
PALE = "#E3E3E3"
STYLE = {
    "svg.hashsalt": "lead_qualification",
    # Text stays text: it can be searched, and read aloud.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    # A name with dollar signs is a name.
    "text.parse_math": False,
}
SMALL = 7.5
TOP = 0.92
"""How much of a panel of bins is for the rates; above them stand the numbers of leads."""

VERDICTS = {
    "keep": "keep the threshold",
    "lower": "lower the threshold",
    "raise": "raise the threshold",
    "no_separation": "the score does not separate",
    "unreachable": "no threshold reaches the target",
    "insufficient_data": "insufficient data",
}
PANELS_IN_A_ROW = 2

CALIBRATION = """
select scoring_model, bin_from, bin_to, leads, converted, conversion_rate, conversion_low,
    conversion_high
from {marts}.score_calibration
order by scoring_model, bin_from
"""

THRESHOLDS = """
select scoring_model, target_rate, current_threshold, recommended_threshold, verdict
from {marts}.threshold_recommendation
where basis = 'opportunity'
order by scoring_model
"""

CHANNELS = """
select
    channels.channel,
    channels.leads,
    channels.mqls,
    channels.sqls,
    channels.customers,
    channels.mql_to_sql_rate,
    channels.mql_to_sql_low,
    channels.mql_to_sql_high,
    comparison.denominator,
    comparison.actual,
    comparison.actual_low,
    comparison.actual_high,
    comparison.low as benchmark_low,
    comparison.high as benchmark_high,
    comparison.verdict
from {marts}.channel_conversion as channels
left join {marts}.benchmark_comparison as comparison
    on channels.channel = comparison.member
    and comparison.dimension = 'channel'
    and comparison.metric = 'mql_to_sql_rate'
order by channels.leads, channels.channel
"""

SCORES = """
select points.scoring_model, points.is_converted, history.score
from {marts}.evaluation_points as points
inner join {marts}.lead_score_history as history
    on points.lead_id = history.lead_id
    and points.scoring_model = history.scoring_model
    and points.evaluated_at >= history.valid_from
    and (points.evaluated_at < history.valid_to or history.valid_to is null)
where points.is_mature
order by points.lead_id
"""

SPEED = """
select sla.response_bucket, coalesce(buckets.label, 'no response') as label, sla.handoffs,
    sla.accepted_rate, sla.accepted_low, sla.accepted_high, sla.opportunity_rate,
    sla.opportunity_low, sla.opportunity_high
from {marts}.sla_performance as sla
left join {policy}.response_buckets as buckets on sla.response_bucket = buckets.response_bucket
where sla.week_start is null and sla.sla_policy = 'all' and sla.rep_id = 'all'
    and sla.response_bucket <> 'all'
order by case when buckets.from_minutes is null then 1 else 0 end, buckets.from_minutes
"""


@dataclass(frozen=True)
class Frame:
    """What every picture says at its foot.

    Attributes:
        as_of: The clock of the build, as text.
        minimum_sample: A rate over fewer than this is insufficient data.
        bin_points: Width of a bin of scores, in points.
        window_days: Days in which a lead must become an opportunity.
    """

    as_of: str
    minimum_sample: int
    bin_points: int
    window_days: int

    def caption(self, *sentences: str) -> str:
        """Return sentences, then what the marks mean and the clock."""
        told = (
            *sentences,
            f"Lines: 95 % interval (Wilson). Hollow: insufficient data, n below "
            f"{self.minimum_sample}. As of {self.as_of} UTC.",
        )
        return "\n".join(told)


def calibration_figure(warehouse: Warehouse, frame: Frame) -> Figure:
    """Return the conversion rate of each bin of scores, a panel for each model."""
    bins = rows_of(warehouse, CALIBRATION)
    thresholds = rows_of(warehouse, THRESHOLDS).set_index("scoring_model")
    models = bins["scoring_model"].unique()
    figure, panels = panels_for(models, "Do higher scores convert more often?")
    for panel, model in zip(panels, models, strict=True):
        draw_calibration(panel, bins[bins["scoring_model"] == model], frame)
        draw_thresholds(panel, thresholds.loc[model])
    return captioned(
        figure,
        frame.caption(
            f"Converted: an opportunity within {frame.window_days} days of becoming an MQL, a PQL "
            "or sales'. n: leads of the bin."
        ),
    )


def draw_calibration(panel: Axes, bins: pandas.DataFrame, frame: Frame) -> None:
    """Draw the bins of a model: rate, interval and number of leads."""
    centres = (bins["bin_from"] + bins["bin_to"]).astype(float) / 2
    draw_rates(panel, centres, bins, "conversion", bins["leads"], frame, BLUE)
    edges = [float(bins["bin_from"].min()), float(bins["bin_to"].max())]
    panel.set_xlim(min(edges[0], 0), edges[1])
    panel.set_xlabel(f"Score when the lead was evaluated (bins of {frame.bin_points} points)")
    panel.set_ylabel("Converted")
    counts_above(panel, centres, bins["leads"])


def draw_thresholds(panel: Axes, row: pandas.Series) -> None:
    """Draw today's and the recommended threshold of a model, and the rate that it should reach."""
    target, current = float(row["target_rate"]), row["current_threshold"]
    panel.axhline(target, color=GREY, linewidth=0.8, linestyle=":")
    handles = [Line2D([], [], color=GREY, linestyle=":", label=f"target {target:.0%}")]
    if pandas.notna(current):
        panel.axvline(float(current), ymax=TOP, color=VERMILION, linewidth=1.2, linestyle="--")
        label = f"threshold today: {current:g}"
        handles.append(Line2D([], [], color=VERMILION, linestyle="--", label=label))
    recommended = row["recommended_threshold"]
    if pandas.notna(recommended):
        panel.axvline(float(recommended), ymax=TOP, color=GREEN, linewidth=1.6)
        label = f"recommended: {recommended:g}"
        handles.append(Line2D([], [], color=GREEN, linewidth=1.6, label=label))
    legend_above(panel, handles)
    panel.set_title(f"Model {row.name}: {VERDICTS[row['verdict']]}", loc="left", pad=18)


def channels_figure(warehouse: Warehouse, frame: Frame) -> Figure:
    """Return how far the leads of each channel come, and MQL to SQL against the benchmarks."""
    channels = rows_of(warehouse, CHANNELS)
    figure = Figure(figsize=(9, 1.9 + 0.42 * max(len(channels), 2)), layout="constrained")
    figure.suptitle("Which channel brings leads that sales accepts?", x=0.01, ha="left")
    counts, rates = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1.25))
    positions = numpy.arange(len(channels))
    draw_steps(counts, positions, channels)
    draw_against_benchmarks(rates, positions, channels, frame)
    return captioned(
        figure,
        frame.caption(
            "Rate with a benchmark: MQLs of the last year that are old enough; without: all MQLs. "
            "n: MQLs behind the rate."
        ),
    )


def draw_steps(panel: Axes, positions: numpy.ndarray, channels: pandas.DataFrame) -> None:
    """Draw how many leads of each channel reach each step, as bars that lie on each other."""
    steps = {"leads": PALE, "mqls": SKY, "sqls": BLUE, "customers": "black"}
    labels = {"leads": "leads", "mqls": "MQLs", "sqls": "SQLs", "customers": "won"}
    for number, (step, colour) in enumerate(steps.items()):
        panel.barh(positions, channels[step], 0.72 - 0.14 * number, color=colour)
    most = max(channels["leads"].max() if len(channels) else 0, 1)
    for position, row in zip(positions, channels.itertuples(), strict=True):
        told = " / ".join(str(int(getattr(row, step))) for step in steps)
        panel.text(row.leads + most * 0.02, position, told, va="center", fontsize=SMALL)
    panel.set_xlim(0, most * 1.5)
    panel.set_xticks([tick for tick in panel.get_xticks() if 0 <= tick <= most])
    panel.set_yticks(positions, channels["channel"])
    panel.set_xlabel("Leads that reached the step, all time")
    handles = [Patch(color=colour, label=labels[step]) for step, colour in steps.items()]
    legend_above(panel, handles)


def draw_against_benchmarks(
    panel: Axes, positions: numpy.ndarray, channels: pandas.DataFrame, frame: Frame
) -> None:
    """Draw the rate of MQL to SQL of each channel over the range of its benchmark."""
    has_benchmark = channels["verdict"].notna()
    rates = pandas.DataFrame(
        {
            "rate": channels["actual"].where(has_benchmark, channels["mql_to_sql_rate"]),
            "low": channels["actual_low"].where(has_benchmark, channels["mql_to_sql_low"]),
            "high": channels["actual_high"].where(has_benchmark, channels["mql_to_sql_high"]),
            "n": channels["denominator"].where(has_benchmark, channels["mqls"]).fillna(0),
            "verdict": channels["verdict"].fillna("no benchmark").str.replace("_", " "),
        }
    )
    shown = rates["high"].astype(float).max()
    widest = max(shown if pandas.notna(shown) else 0.1, channels["benchmark_high"].max(), 0.1)
    for position, row in zip(positions, channels.itertuples(), strict=True):
        if pandas.notna(row.benchmark_high):
            low = 0 if pandas.isna(row.benchmark_low) else float(row.benchmark_low)
            width = float(row.benchmark_high) - low
            panel.barh(position, width, 0.72, left=low, color=PALE)
    for position, row in zip(positions, rates.itertuples(), strict=True):
        if pandas.notna(row.rate):
            is_enough = row.n >= frame.minimum_sample
            paleness = 1 if is_enough else 0.5
            panel.hlines(position, row.low, row.high, color=BLUE, linewidth=1.4, alpha=paleness)
            panel.plot(row.rate, position, "o", zorder=3, **marker(BLUE, is_enough))
        told = f"{row.rate:.0%}, n {row.n:.0f}: {row.verdict}" if row.n else "no MQLs"
        panel.text(widest * 1.03, position, told, va="center", fontsize=SMALL)
    panel.set_xlim(0, widest * 1.55)
    panel.set_xticks([tick for tick in panel.get_xticks() if 0 <= tick <= widest])
    panel.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    panel.set_xlabel("MQL to SQL")
    panel.tick_params(axis="y", labelleft=False, length=0)
    handles = [
        Patch(color=PALE, label="benchmark"),
        Line2D([], [], color=BLUE, marker="o", label="this project"),
    ]
    legend_above(panel, handles)


def outcomes_figure(warehouse: Warehouse, frame: Frame) -> Figure:
    """Return how scores are distributed among leads that converted and that did not."""
    scores = rows_of(warehouse, SCORES)
    models = sorted(scores["scoring_model"].unique())
    figure, panels = panels_for(models, "Do scores tell the leads apart that convert?")
    for panel, model in zip(panels, models, strict=True):
        draw_outcomes(panel, scores[scores["scoring_model"] == model], frame)
        panel.set_title(f"Model {model}", loc="left", pad=18)
    return captioned(
        figure,
        f"Scores when leads became an MQL, a PQL or sales'; converted: an opportunity within "
        f"{frame.window_days} days.\nDashed: insufficient data, n below {frame.minimum_sample}. "
        f"As of {frame.as_of} UTC.",
    )


def draw_outcomes(panel: Axes, scores: pandas.DataFrame, frame: Frame) -> None:
    """Draw the share of leads in each bin of scores, for either outcome."""
    values = scores["score"].astype(float)
    last = (numpy.floor(values.max() / frame.bin_points) + 1) * frame.bin_points
    first = min(numpy.floor(values.min() / frame.bin_points) * frame.bin_points, 0)
    edges = numpy.arange(first, last + frame.bin_points / 2, frame.bin_points)
    handles = []
    is_converted = scores["is_converted"].astype(bool)
    for outcome, colour, label in ((False, GREY, "not converted"), (True, BLUE, "converted")):
        chosen = values[is_converted == outcome]
        label = f"{label}, n {len(chosen)}"
        line = "-" if len(chosen) >= frame.minimum_sample else "--"
        handles.append(Line2D([], [], color=colour, linewidth=1.8, linestyle=line, label=label))
        if chosen.empty:
            continue
        shares = numpy.histogram(chosen, edges)[0] / len(chosen)
        panel.stairs(shares, edges, fill=True, color=colour, alpha=0.18)
        panel.stairs(shares, edges, color=colour, linewidth=1.8, linestyle=line)
    panel.set_xlim(edges[0], edges[-1])
    panel.set_ylim(bottom=0)
    panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    panel.set_xlabel(f"Score (bins of {frame.bin_points} points)")
    panel.set_ylabel("Share of these leads")
    legend_above(panel, handles)


def speed_figure(warehouse: Warehouse, frame: Frame) -> Figure:
    """Return what became of hand-offs by the time to the first response of sales."""
    speed = rows_of(warehouse, SPEED).set_index("response_bucket")
    figure = Figure(figsize=(7.5, 4), layout="constrained")
    figure.suptitle("What is a fast response to a hand-off worth?", x=0.01, ha="left")
    panel = figure.subplots()
    if len(speed) > 0:
        draw_speed(panel, speed, frame)
    else:
        without_data(panel)
    return captioned(
        figure,
        frame.caption("n: hand-offs of the class. Those that sales began itself are left out."),
    )


def draw_speed(panel: Axes, speed: pandas.DataFrame, frame: Frame) -> None:
    """Draw the rates of accepted hand-offs and of opportunities, the fastest class first."""
    positions = pandas.Series(numpy.arange(len(speed), dtype=float), index=speed.index)
    handles = []
    for name, label, shift, colour, shape in (
        ("accepted", "accepted by sales", -0.1, VERMILION, "s"),
        ("opportunity", "became an opportunity", 0.1, BLUE, "o"),
    ):
        # No line leads from the slowest response to none at all.
        for is_answered in (True, False):
            rows = speed[(speed.index != "none") == is_answered]
            places = positions[rows.index] + shift
            draw_rates(panel, places, rows, name, rows["handoffs"], frame, colour, shape)
        handles.append(Line2D([], [], color=colour, marker=shape, linewidth=1, label=label))
    names = [
        f"{label}\nn {int(count)}"
        for label, count in zip(speed["label"], speed["handoffs"], strict=True)
    ]
    panel.set_xticks(positions, names, fontsize=SMALL)
    panel.set_xlim(-0.5, len(speed) - 0.5)
    panel.set_xlabel("Time to the first response")
    panel.set_ylabel("Share of hand-offs")
    legend_above(panel, handles)


def draw_rates(
    panel: Axes,
    positions: pandas.Series,
    rows: pandas.DataFrame,
    name: str,
    counts: pandas.Series,
    frame: Frame,
    colour: str,
    shape: str = "o",
) -> None:
    """Draw rates with intervals, joined by a line; hollow where there are too few.

    Args:
        panel: Where to draw.
        positions: Where each row stands on the x axis.
        rows: Has <name>_rate, <name>_low and <name>_high, ratios from 0 to 1 or null.
        name: The figure.
        counts: The denominator of each rate.
        frame: Has the smallest sample.
        colour: Of line and marks.
        shape: Of the marks.
    """
    rates, lows, highs = (rows[f"{name}_{end}"].astype(float) for end in ("rate", "low", "high"))
    panel.plot(positions, rates, color=colour, linewidth=0.8, alpha=0.6)
    for position, rate, low, high, count in zip(positions, rates, lows, highs, counts, strict=True):
        is_enough = count >= frame.minimum_sample
        panel.vlines(
            position, low, high, color=colour, linewidth=1.4, alpha=1 if is_enough else 0.5
        )
        panel.plot(position, rate, shape, clip_on=False, zorder=3, **marker(colour, is_enough))
    highest = highs.max() * 1.05 if highs.notna().any() else 0.1
    panel.set_ylim(0, max(highest, panel.dataLim.y1 * 1.05, 0.1))
    panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def marker(colour: str, is_enough: bool) -> dict[str, object]:
    """Return the looks of a mark: filled, or hollow where the data do not suffice."""
    face = colour if is_enough else "white"
    return {"color": colour, "markerfacecolor": face, "markersize": 6, "markeredgewidth": 1.4}


def counts_above(panel: Axes, positions: pandas.Series, counts: pandas.Series) -> None:
    """Write the number of leads of each position along the upper edge of a panel."""
    panel.set_ylim(0, panel.get_ylim()[1] / TOP)
    height = {"y": 0.95, "transform": panel.get_xaxis_transform(), "fontsize": SMALL}
    for number, (position, count) in enumerate(zip(positions, counts, strict=True)):
        told = f"{int(count)}" if number else f"n {int(count)}"
        panel.text(position, s=told, ha="center", color=GREY, **height)


def legend_above(panel: Axes, handles: list[Line2D | Patch]) -> None:
    """Put a legend of one line above a panel."""
    panel.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(handles),
        fontsize=SMALL,
        frameon=False,
        borderaxespad=0.2,
        columnspacing=1.2,
        handlelength=1.6,
    )


def panels_for(names: list[str], title: str) -> tuple[Figure, list[Axes]]:
    """Return a figure with a panel for each name; one that says so if there is none."""
    columns = min(max(len(names), 1), PANELS_IN_A_ROW)
    rows = max(-(-len(names) // PANELS_IN_A_ROW), 1)
    width = 5 * columns if columns > 1 else 6.5
    figure = Figure(figsize=(width, 0.9 + 3.2 * rows), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for panel in panels[max(len(names), 1) :]:
        panel.set_axis_off()
    if not len(names):
        without_data(panels[0])
    return figure, panels[: len(names)]


def without_data(panel: Axes) -> None:
    """Say that there is nothing to draw yet."""
    panel.text(0.5, 0.5, "no data yet", ha="center", va="center", transform=panel.transAxes)
    panel.set_axis_off()


def captioned(figure: Figure, caption: str) -> Figure:
    """Put a caption at the foot of a figure."""
    figure.supxlabel(caption, x=0.01, ha="left", fontsize=SMALL, color="#404040")
    return figure


def rows_of(warehouse: Warehouse, sql: str) -> pandas.DataFrame:
    """Return the rows of a query in the schemas of a build; texts are one harmless line."""
    rows = warehouse.read(sql.format(marts=warehouse.marts, policy=warehouse.policy))
    texts = rows.select_dtypes("object")
    return rows.assign(
        **{name: texts[name].map(lambda v: plain(v) if isinstance(v, str) else v) for name in texts}
    )


def frame_of(warehouse: Warehouse) -> Frame:
    """Return what every picture says at its foot."""
    settings = warehouse.read(f"select setting, value from {warehouse.policy}.lifecycle_settings")
    values = settings.set_index("setting")["value"]
    as_of = warehouse.table("lead_stages")["as_of"].max()
    return Frame(
        as_of="(no leads)" if pandas.isna(as_of) else f"{as_of:%Y-%m-%d %H:%M}",
        minimum_sample=int(values["minimum_sample"]),
        bin_points=int(values["calibration_bin_points"]),
        window_days=int(values["conversion_window_days"]),
    )


FIGURES: dict[str, Callable[[Warehouse, Frame], Figure]] = {
    "calibration": calibration_figure,
    "channels": channels_figure,
    "scores_by_outcome": outcomes_figure,
    "speed_to_lead": speed_figure,
}


def write_plots(warehouse: Warehouse, folder: Path) -> list[Path]:
    """Write every picture as <name>.svg into a folder, which is made if need be.

    Args:
        warehouse: A build with all public tables.
        folder: Where the pictures go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frame = frame_of(warehouse)
    paths = []
    with matplotlib.rc_context(STYLE):
        for name, figure_of in FIGURES.items():
            path = folder / f"{name}.svg"
            figure = figure_of(warehouse, frame)
            # Neither a date nor a version: the same build gives the same bytes.
            figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
            paths.append(path)
    return paths


def main(arguments: list[str] | None = None) -> None:
    """Draw the DuckDB file that profiles.yml names."""
    parser = argparse.ArgumentParser(
        prog="python -m python_checks.plots", description="Draw what a build found as SVG."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for the pictures")
    given = parser.parse_args(arguments)
    try:
        paths = write_plots(warehouse_of_target("duckdb"), given.out)
    except WarehouseError as error:
        sys.exit(str(error))
    print("\n".join(str(written) for written in paths))


if __name__ == "__main__":
    main()
