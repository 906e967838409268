"""Charts: colours that colour-blind readers tell apart, and never colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair
import pandas

from lead_qualification.dashboard.wording import label
from lead_qualification.labels import Labels

BLUE, ORANGE, GREEN, PURPLE, GREY, OCHRE = (
    "#3a86c8",
    "#d55e00",
    "#009e73",
    "#b5659a",
    "#808890",
    "#b58900",
)
VERDICTS = {
    "clearly_below_warning": (ORANGE, "triangle-down"),
    "probably_below_warning": (ORANGE, "triangle-left"),
    "clearly_below": (OCHRE, "triangle-down"),
    "probably_below": (OCHRE, "triangle-left"),
    "within": (GREEN, "circle"),
    "probably_above": (BLUE, "triangle-right"),
    "clearly_above": (BLUE, "triangle-up"),
    "probably_above_warning": (ORANGE, "triangle-right"),
    "clearly_above_warning": (ORANGE, "triangle-up"),
    "insufficient_data": (GREY, "cross"),
    "not_measurable": (GREY, "square"),
}
MATURITY = {True: "mature", False: "not yet mature"}
COHORTS = {MATURITY[True]: (BLUE, "circle"), MATURITY[False]: (ORANGE, "triangle-up")}
THRESHOLDS = {
    "current": (ORANGE, [1, 0]),
    "recommended": (GREEN, [8, 4]),
    "clearest step": (PURPLE, [2, 3]),
}
PARTS_OF_SCORE = {"until now": ([1, 0],), "scheduled": ([5, 4],)}
OWNERS = {
    "marketing": (BLUE, BLUE),
    "sdr": (PURPLE, PURPLE),
    "sales": (OCHRE, OCHRE),
    "nobody": (GREY, GREY),
}
ROW, LOW_ROW = 30, 26
BELOW, LEGEND = 75, 70
LEFT = 190
# Pixels of the window below which a chart is drawn for a phone.
NARROW = 640
PER_CHARACTER = 6


def by_width(wide: int, narrow: int) -> altair.ExprRef:
    """A number that depends on the width of the window."""
    return altair.ExprRef(f"windowSize()[0] < {NARROW} ? {narrow} : {wide}")


def wrapped(wide: int, narrow: int) -> str:
    """An expression that breaks a label into lines of so many characters, by the window's width."""
    characters = f"(windowSize()[0] < {NARROW} ? {narrow} : {wide})"
    line = f"regexp('(.{{1,' + {characters} + '}})( +|$)', 'g')"
    return f"split(trim(replace(datum.label, {line}, '$1\\n')), '\\n')"


def rows_axis(limit: int = LEFT, **further: Any) -> altair.Axis:
    """An axis of names, which are broken into lines where they are longer than the limit."""
    return altair.Axis(
        **{"title": None, "ticks": False, "domain": False, **further},
        labelLimit=by_width(limit + 20, 160),
        labelExpr=wrapped(limit // PER_CHARACTER, 28),
        labelFontSize=by_width(12, 10),
        labelLineHeight=by_width(13, 10),
    )


def tall(rows: int, row: int = ROW, above: int = 0) -> int:
    """Height of a chart with a line for each row, room for its axis and for what is above."""
    return max(1, rows) * row + BELOW + above


def bars(frame: pandas.DataFrame, name: str, value: str, title: str) -> altair.LayerChart:
    """Bars from the left with their number at the end, in the order of the rows."""
    is_count = pandas.api.types.is_integer_dtype(frame[value])
    axis = altair.Axis(tickMinStep=1) if is_count else altair.Axis()
    base = altair.Chart().encode(
        y=altair.Y(f"{name}:N", sort=None, axis=rows_axis()),
        x=altair.X(f"{value}:Q", title=title, axis=axis),
    )
    drawn = base.mark_bar(color=BLUE, height={"band": 0.7})
    text = base.mark_text(align="left", dx=4, fontSize=13).encode(
        text=altair.Text(f"{value}:Q", format=",")
    )
    return altair.layer(drawn, text, data=frame).properties(height=tall(len(frame), 40))


def intervals(
    frame: pandas.DataFrame, name: str, value: str, details: Sequence[str], title: str = ""
) -> altair.LayerChart:
    """A point with its 95 % interval for each row, in the order of the rows.

    Args:
        frame: Has the value and its interval: columns <stem>_low and <stem>_high.
        name: Column with the name of a row.
        value: Column <stem>_rate, or <stem> of what is not a rate.
        details: Further columns on hover, with their types.
        title: Of the axis; default: the column's name as words.
    """
    low, high = _ends(value)
    is_rate = value.endswith("_rate")
    axis = altair.Axis(format="%" if is_rate else ".2f")
    base = altair.Chart().encode(
        y=altair.Y(f"{name}:N", sort=None, axis=rows_axis()),
        tooltip=[altair.Tooltip(f"{name}:N"), *_tips([value, low, high], is_rate), *details],
    )
    scale = altair.Scale(zero=is_rate)
    line = base.mark_rule(color=GREY, strokeWidth=3).encode(
        x=altair.X(f"{low}:Q", title=title or label(value), axis=axis, scale=scale),
        x2=f"{high}:Q",
    )
    point = base.mark_point(color=BLUE, filled=True, size=90, opacity=1).encode(x=f"{value}:Q")
    return altair.layer(line, point, data=frame).properties(height=tall(len(frame)))


def trend(
    frame: pandas.DataFrame,
    time: str,
    rate: str,
    details: Sequence[str],
    has_cohorts: bool = False,
) -> altair.LayerChart:
    """A rate over time with its interval, in columns <stem>_rate, <stem>_low and <stem>_high.

    With has_cohorts the mark says whether a cohort is mature; it is in column is_mature.
    """
    low, high = _ends(rate)
    base = altair.Chart().encode(
        x=_months(time),
        tooltip=[altair.Tooltip(f"{time}:T"), *_tips([rate, low, high], True), *details],
    )
    band = base.mark_rule(color=GREY, strokeWidth=3, opacity=0.6).encode(
        y=altair.Y(f"{low}:Q", title=None, axis=altair.Axis(format="%")), y2=f"{high}:Q"
    )
    line = base.mark_line(color=BLUE, opacity=0.5).encode(y=f"{rate}:Q")
    if has_cohorts:
        frame = frame.assign(cohort=frame["is_mature"].map(MATURITY).astype(object))
        point = base.mark_point(filled=True, size=90, opacity=1).encode(
            *_told_apart("cohort", COHORTS, "Cohort"), y=f"{rate}:Q"
        )
    else:
        point = base.mark_point(color=BLUE, filled=True, size=70, opacity=1).encode(y=f"{rate}:Q")
    return altair.layer(band, line, point, data=frame).properties(height=300)


def benchmark_bands(frame: pandas.DataFrame, title: str, is_rate: bool) -> altair.LayerChart:
    """Each document's band, with our own figure, its interval and its verdict upon it."""
    axis = altair.Axis(format="%" if is_rate else ",.0f", title=title)
    base = altair.Chart().encode(
        y=altair.Y("name:N", sort=None, axis=rows_axis(340)),
        tooltip=[
            altair.Tooltip("benchmark_id:N"),
            *_tips(["low", "high", "actual", "actual_low", "actual_high"], is_rate),
            altair.Tooltip("denominator:Q"),
            altair.Tooltip("verdict:N"),
            altair.Tooltip("advice:N"),
        ],
    )
    band = base.mark_bar(color=GREEN, opacity=0.35, height={"band": 0.75}).encode(
        x=altair.X("band_from:Q", axis=axis), x2="band_to:Q"
    )
    tick = base.mark_tick(color=GREEN, thickness=3, height={"band": 0.75})
    ends = [end for end in ("high", "low") if frame[end].notna().any()]
    layers = [band, *(tick.encode(x=f"{end}:Q") for end in ends)]
    if frame["actual_low"].notna().any():
        layers.append(
            base.mark_rule(color=GREY, strokeWidth=2).encode(x="actual_low:Q", x2="actual_high:Q")
        )
    present = set(frame["verdict"])
    verdicts = {verdict: look for verdict, look in VERDICTS.items() if verdict in present}
    point = base.mark_point(filled=True, size=110, opacity=1).encode(
        *_told_apart("verdict", verdicts, "Verdict"), x="actual:Q"
    )
    return altair.layer(*layers, point, data=frame).properties(
        height=tall(len(frame), LOW_ROW, LEGEND)
    )


def two_rates(
    frame: pandas.DataFrame, name: str, order: Sequence[str], title: str
) -> altair.LayerChart:
    """Two rates with their intervals side by side, in columns kind, rate, low, high."""
    kinds = list(dict.fromkeys(frame["kind"]))
    looks = dict(zip(kinds, [(BLUE, "circle"), (ORANGE, "square")], strict=True))
    colour, shape = _told_apart("kind", looks, None)
    base = altair.Chart().encode(
        x=altair.X(
            f"{name}:N",
            sort=list(order),
            title=title,
            axis=altair.Axis(labelAngle=0, labelExpr=wrapped(20, 9)),
        ),
        xOffset=altair.XOffset("kind:N", sort=kinds),
        color=colour,
        tooltip=[
            altair.Tooltip(f"{name}:N"),
            altair.Tooltip("kind:N"),
            *_tips(["rate", "low", "high"], True),
            altair.Tooltip("handoffs:Q"),
        ],
    )
    line = base.mark_rule(strokeWidth=3, opacity=0.7).encode(
        y=altair.Y("low:Q", title=None, axis=altair.Axis(format="%")), y2="high:Q"
    )
    point = base.mark_point(filled=True, size=110, opacity=1).encode(y="rate:Q", shape=shape)
    return altair.layer(line, point, data=frame).properties(height=320)


def calibration(frame: pandas.DataFrame, marks: pandas.DataFrame) -> altair.LayerChart:
    """Conversion by score bin with intervals; upright lines are thresholds with their name."""
    base = altair.Chart(frame).encode(
        tooltip=[
            altair.Tooltip("bin_from:Q"),
            altair.Tooltip("bin_to:Q"),
            altair.Tooltip("leads:Q"),
            altair.Tooltip("converted:Q"),
            *_tips(["conversion_rate", "conversion_low", "conversion_high"], True),
        ]
    )
    drawn = base.mark_rect(color=BLUE, opacity=0.6).encode(
        x=altair.X("bin_from:Q", title="Score at the evaluation point"),
        x2="bin_to:Q",
        y2=altair.Y2Datum(0),
        y=altair.Y("conversion_rate:Q", title=None, axis=altair.Axis(format="%")),
    )
    line = base.mark_rule(color=GREY, strokeWidth=3).encode(
        x=altair.X("middle:Q"), y="conversion_low:Q", y2="conversion_high:Q"
    )
    threshold = (
        altair.Chart(marks)
        .mark_rule(strokeWidth=3)
        .encode(
            *_told_apart(
                "threshold", THRESHOLDS, "Threshold", by=(altair.Color, altair.StrokeDash)
            ),
            x="score:Q",
            tooltip=[altair.Tooltip("threshold:N"), altair.Tooltip("score:Q")],
        )
    )
    return (drawn + line + threshold).properties(height=320)


def signed_bars(frame: pandas.DataFrame, name: str, value: str, title: str) -> altair.LayerChart:
    """Bars from 0 to either side; what is below 0 has another colour as well."""
    is_count = pandas.api.types.is_integer_dtype(frame[value])
    shown = ",d" if is_count else ",.2f"
    axis = altair.Axis(tickMinStep=1) if is_count else altair.Axis()
    base = altair.Chart().encode(
        y=altair.Y(f"{name}:N", sort=None, axis=rows_axis()),
        x=altair.X(f"{value}:Q", title=title, axis=axis),
        tooltip=[altair.Tooltip(f"{name}:N"), altair.Tooltip(f"{value}:Q", format=shown)],
    )
    drawn = base.mark_bar(height={"band": 0.7}).encode(
        color=altair.condition(altair.datum[value] < 0, altair.value(ORANGE), altair.value(BLUE))
    )
    text = base.mark_text(align="left", dx=6, fontSize=13).encode(
        x=altair.X("end:Q"), text=altair.Text(f"{value}:Q", format=shown)
    )
    return (
        altair.layer(drawn, text, data=frame)
        .transform_calculate(end=f"max(0, datum.{value})")
        .properties(height=tall(len(frame), 40))
    )


def lift(
    frame: pandas.DataFrame,
    name: str,
    details: Sequence[str],
    title: str = "Lift (1: no difference)",
) -> altair.LayerChart:
    """Lift with its interval on a scale of powers; 1 means no difference."""
    base = altair.Chart().encode(
        y=altair.Y(f"{name}:N", sort=None, axis=rows_axis(380)),
        tooltip=[
            altair.Tooltip(f"{name}:N"),
            *_tips(["lift", "lift_low", "lift_high"], False),
            *details,
        ],
    )
    scale = altair.Scale(type="log", nice=False, padding=12)
    one = altair.Chart().mark_rule(strokeDash=[4, 4], color=GREY).encode(x=altair.datum(1))
    line = base.mark_rule(color=GREY, strokeWidth=3).encode(
        x=altair.X("lift_low:Q", title=title, scale=scale), x2="lift_high:Q"
    )
    point = base.mark_point(color=BLUE, filled=True, size=90, opacity=1).encode(x="lift:Q")
    return altair.layer(line, one, point, data=frame).properties(height=tall(len(frame), 26))


def lines(
    frame: pandas.DataFrame, time: str, value: str, title: str, places: str = ".2f"
) -> altair.LayerChart:
    """A number over time."""
    base = altair.Chart().encode(
        x=_months(time),
        y=altair.Y(f"{value}:Q", title=title),
        tooltip=[altair.Tooltip(f"{time}:T"), altair.Tooltip(f"{value}:Q", format=places)],
    )
    line = base.mark_line(color=BLUE, opacity=0.5)
    point = base.mark_point(color=BLUE, filled=True, size=60)
    return altair.layer(line, point, data=frame).properties(height=240)


def shares(
    frame: pandas.DataFrame, time: str, member: str, share: str, order: Sequence[str]
) -> altair.Chart:
    """How a whole is made up, month by month; from light to dark in the order of the members."""
    shades = ["#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b"]
    rank = {name: number for number, name in enumerate(order)}
    return (
        altair.Chart(frame.assign(rank=frame[member].map(rank)))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=altair.X(
                f"yearmonth({time}):O",
                title=None,
                axis=altair.Axis(labelAngle=0, format="%b %y", labelOverlap=True),
            ),
            y=altair.Y(
                f"{share}:Q",
                title=None,
                axis=altair.Axis(format="%"),
                scale=altair.Scale(domain=[0, 1]),
            ),
            order="rank:Q",
            color=altair.Color(
                f"{member}:N",
                sort=list(order),
                scale=altair.Scale(
                    domain=list(order), range=(shades * (1 + len(order)))[: len(order)]
                ),
                legend=_legend(None, 3, 7),
            ),
            tooltip=[
                altair.Tooltip(f"{time}:T"),
                altair.Tooltip(f"{member}:N"),
                altair.Tooltip("leads:Q"),
                altair.Tooltip(f"{share}:Q", format=".1%"),
            ],
        )
        .properties(height=260)
    )


def score_timeline(
    frame: pandas.DataFrame,
    bands: pandas.DataFrame,
    handoffs: pandas.DataFrame,
    now: pandas.Timestamp,
    heights: tuple[float, float],
) -> altair.LayerChart:
    """The score as steps over its bands: what was, solid, and what is scheduled, dashed."""
    height = altair.Scale(domain=list(heights), nice=False)
    band = (
        altair.Chart(bands)
        .mark_rect(opacity=0.14, color=BLUE)
        .encode(
            y=altair.Y(
                "from:Q", scale=height, title=None, axis=altair.Axis(minExtent=by_width(LEFT, 110))
            ),
            y2="to:Q",
            opacity=altair.Opacity("rank:Q", scale=altair.Scale(range=[0.04, 0.3]), legend=None),
        )
    )
    names = (
        altair.Chart(bands)
        .mark_text(align="right", dx=-6, dy=-8, fontSize=12, baseline="alphabetic")
        .encode(y="from:Q", x=altair.value("width"), text="score_band:N")
    )
    step = (
        altair.Chart(frame)
        .mark_line(color=BLUE, interpolate="step-after", strokeWidth=2.5)
        .encode(
            *_told_apart("part", PARTS_OF_SCORE, None, by=(altair.StrokeDash,)),
            x=_days("from"),
            y="score:Q",
            tooltip=[
                _moment("from"),
                altair.Tooltip("score:Q"),
                altair.Tooltip("score_band:N"),
                altair.Tooltip("grade:N"),
                altair.Tooltip("recency_multiplier:Q"),
            ],
        )
    )
    present = (
        altair.Chart(pandas.DataFrame({"now": [now], "what": ["as of"]}))
        .mark_rule(color=ORANGE, strokeWidth=2)
        .encode(x="now:T", tooltip=["what:N", altair.Tooltip("now:T")])
    )
    handed = (
        altair.Chart(handoffs)
        .mark_point(color=ORANGE, filled=True, shape="triangle-up", size=120, opacity=1)
        .encode(
            x="handed_off_at:T",
            y="score:Q",
            tooltip=[
                altair.Tooltip("handoff_number:Q"),
                _moment("handed_off_at"),
                altair.Tooltip("trigger_signal:N"),
                altair.Tooltip("disposition:N"),
            ],
        )
    )
    layers = [band, names, step, present, *([handed] if len(handoffs) else [])]
    return altair.layer(*layers).properties(height=290)


def with_versions(chart: altair.LayerChart, versions: pandas.DataFrame) -> altair.LayerChart:
    """A chart over time with a dotted upright line where each policy version begins."""
    marks = (
        altair.Chart(versions)
        .mark_rule(color=PURPLE, strokeDash=[2, 3], strokeWidth=2)
        .encode(
            x="valid_from:T",
            tooltip=[
                altair.Tooltip("policy_version:Q"),
                _moment("valid_from"),
                altair.Tooltip("changes:N"),
            ],
        )
    )
    return chart + marks


def ribbon(
    frame: pandas.DataFrame, order: Sequence[str], domain: tuple[pandas.Timestamp, pandas.Timestamp]
) -> altair.LayerChart:
    """The stays in stages, from left to right, each stage on a line of its own."""
    ends = altair.Chart(pandas.DataFrame({"entered_at": domain})).mark_rule(opacity=0)
    stays = (
        altair.Chart(frame)
        .mark_bar(strokeWidth=1.5, height={"band": 0.75}, cornerRadius=2)
        .encode(
            *_told_apart("owner", OWNERS, "Owner", by=(altair.Color, altair.Stroke)),
            x=_days("entered_at"),
            x2="until:T",
            y=altair.Y(
                "stage:N",
                sort=list(order),
                axis=rows_axis(LEFT - 10, minExtent=by_width(LEFT, 110)),
            ),
            tooltip=[
                altair.Tooltip("stage:N"),
                _moment("entered_at"),
                _moment("until"),
                altair.Tooltip("entered_by:N"),
                altair.Tooltip("reason_code:N"),
                altair.Tooltip("owner:N"),
            ],
        )
    )
    return (stays + ends.encode(x="entered_at:T")).properties(height=tall(len(order), 34, LEGEND))


def covered_roles(frame: pandas.DataFrame, roles: int) -> altair.LayerChart:
    """How many accounts of each stage have how many roles covered, as numbers on shades."""
    base = altair.Chart().encode(
        x=altair.X(
            "buying_roles_covered:O",
            title="Buying roles covered",
            scale=altair.Scale(domain=list(range(roles + 1))),
            axis=altair.Axis(labelAngle=0),
        ),
        y=altair.Y("account_stage:N", axis=rows_axis()),
    )
    shade = base.mark_rect(color=BLUE).encode(
        opacity=altair.Opacity("accounts:Q", scale=altair.Scale(range=[0.05, 0.25]), legend=None),
        tooltip=["account_stage:N", "buying_roles_covered:O", "accounts:Q"],
    )
    text = base.mark_text(fontSize=14, fontWeight="bold").encode(text="accounts:Q")
    return altair.layer(shade, text, data=frame).properties(
        height=tall(frame["account_stage"].nunique(), 34)
    )


def coverage(
    frame: pandas.DataFrame, accounts: Sequence[str], roles: Sequence[str]
) -> altair.Chart:
    """Who of the buying committee is there: a filled square for each role of an account."""
    return (
        altair.Chart(frame)
        .mark_point(size=180, strokeWidth=1.5, opacity=1, shape="square")
        .encode(
            x=altair.X(
                "role:N",
                sort=list(roles),
                title=None,
                axis=altair.Axis(orient="top", labelAngle=0, labelExpr=wrapped(20, 8)),
            ),
            y=altair.Y("account:N", sort=list(accounts), axis=rows_axis(260)),
            fill=altair.Fill(
                "state:N",
                scale=altair.Scale(domain=["known", "missing"], range=[BLUE, "transparent"]),
                legend=None,
            ),
            stroke=altair.value(GREY),
            tooltip=["account:N", "role:N", "state:N"],
        )
        .properties(height=tall(len(accounts), 26))
    )


def labelled(chart: altair.TopLevelMixin, labels: Labels) -> altair.TopLevelMixin:
    """Return a chart that shows labels where its rows have codes, and headings on hover.

    It is one picture with a text of its own for those who do not see it; its marks have none.
    """
    frames: dict[int, pandas.DataFrame] = {}
    _label(chart, labels, frames)
    return chart.configure(aria=False, mark=altair.MarkConfig(aria=False))


def _label(part: Any, labels: Labels, frames: dict[int, pandas.DataFrame]) -> None:
    """Label the data, scales, orders and tooltips of a part of a chart, and what is in it."""
    if isinstance(part, (list, tuple)):
        for item in part:
            _label(item, labels, frames)
        return
    if not isinstance(part, altair.SchemaBase):
        return
    data = part._get("data")
    if isinstance(data, pandas.DataFrame):
        if id(data) not in frames:
            frames[id(data)] = _labelled_frame(data, labels)
        part["data"] = frames[id(data)]
    field = part._get("shorthand")
    if isinstance(field, str):
        _label_channel(part, field.partition(":")[0], labels)
    for name in list(part._kwds):
        if name != "data":
            _label(part._kwds[name], labels, frames)


def _label_channel(channel: altair.SchemaBase, column: str, labels: Labels) -> None:
    """Label the order and the scale of a channel; a tooltip without a title gets a heading."""
    if isinstance(channel, altair.Tooltip) and channel._get("title") is altair.Undefined:
        channel["title"] = labels.heading(column)
    order = channel._get("sort")
    if isinstance(order, list):
        channel["sort"] = [labels.value(column, value) for value in order]
    scale = channel._get("scale")
    if isinstance(scale, altair.Scale) and isinstance(scale._get("domain"), list):
        scale["domain"] = [labels.value(column, value) for value in scale["domain"]]


def _labelled_frame(frame: pandas.DataFrame, labels: Labels) -> pandas.DataFrame:
    """A frame with labels for codes."""
    texts = [name for name in frame if frame[name].dtype == object]
    return frame.assign(
        **{name: [labels.value(name, value) for value in frame[name]] for name in texts}
    )


def _told_apart(
    column: str,
    looks: Mapping[str, tuple[Any, ...]],
    title: str | None,
    by: Sequence[type] = (altair.Color, altair.Shape),
) -> list[Any]:
    """Channels by which the values of a column differ, with one legend above the chart.

    Args:
        column: The column.
        looks: For each value, in order, its look in each channel.
        title: Of the legend.
        by: The channels.
    """
    return [
        channel(
            f"{column}:N",
            scale=altair.Scale(domain=list(looks), range=[look[n] for look in looks.values()]),
            legend=_legend(title),
        )
        for n, channel in enumerate(by)
    ]


def _legend(title: str | None, narrow: int = 1, wide: int = 4) -> altair.Legend:
    """A legend above the chart whose words are not cut, on a phone in fewer columns."""
    return altair.Legend(
        title=title,
        orient="top",
        columns=by_width(wide, narrow),
        labelLimit=260,
        labelFontSize=by_width(12, 10),
    )


def _ends(value: str) -> tuple[str, str]:
    """The columns with the ends of the interval of a value or rate."""
    stem = value.removesuffix("_rate")
    return f"{stem}_low", f"{stem}_high"


def _moment(column: str) -> altair.Tooltip:
    """A tooltip of a timestamp."""
    return altair.Tooltip(f"{column}:T", format="%Y-%m-%d %H:%M")


def _days(time: str) -> altair.X:
    """An axis of days that begins and ends with the data."""
    axis = altair.Axis(format="%d %b %Y", labelOverlap=True, labelFlush=True)
    return altair.X(f"{time}:T", title=None, axis=axis, scale=altair.Scale(nice=False))


def _tips(columns: Sequence[str], is_rate: bool) -> list[altair.Tooltip]:
    """Tooltips of numbers."""
    return [
        altair.Tooltip(f"{column}:Q", format=".1%" if is_rate else ",.2f") for column in columns
    ]


def _months(time: str) -> altair.X:
    """An axis of months, with room for the first and the last point."""
    axis = altair.Axis(format="%b %Y", labelOverlap=True)
    return altair.X(f"{time}:T", title=None, axis=axis, scale=altair.Scale(padding=14))
