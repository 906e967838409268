"""The project must count the real marketing funnel of Olist as it was counted from its files.

The ground truth counts a lead as an MQL on the day of its first contact and as won whenever its
deal closed. One deal was won before its lead's first contact. By the specification that lead was a
customer before marketing marked it, so it has no mql_at (4-lifecycle, Timestamps of a lead): it is
a lead and a customer, but neither an MQL nor an MQL that became a customer. Every test names the
counts that differ for this reason, and asserts that they differ by this one lead in its own group.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from lead_qualification.warehouse import PROJECT
from python_checks.dbt_process import DbtProcess
from python_checks.olist import read_funnel, write_raw
from python_checks.tests.builds import Builds
from python_checks.tests.invariants import check_actions

OLIST = PROJECT.parent / "shared" / "data" / "olist_funnel"
TRUTH = OLIST / "ground_truth"
AS_OF = datetime(2018, 12, 1)
DAY = pd.Timedelta(days=1)
WINDOWS = (30, 60, 90, 180)
TRUTH_COUNTS = ["mqls", "won", "won_valid", *(f"won_within_{days}d" for days in WINDOWS)]

# Wins whose calendar days since the first contact are exactly so many, in the whole data set.
WON_ON_DAY = {30: 8, 60: 3, 90: 1, 180: 1}

# Ground-truth file -> the columns that name its rows.
TRUTH_KEYS = {
    "overall": ["all"],
    "by_origin_raw": ["origin_raw"],
    "by_first_contact_month": ["first_contact_month"],
    "by_origin_and_first_contact_month": ["origin_clean", "first_contact_month"],
}

# Dimension of funnel_conversion, all time and by cohort -> the file that its truth is summed from.
FUNNEL_TRUTH = {
    ("overall", "all time"): "overall",
    ("lead_source", "all time"): "by_origin_raw",
    ("channel", "all time"): "by_origin_raw",
    ("overall", "cohorts"): "by_first_contact_month",
    ("lead_source", "cohorts"): "by_origin_and_first_contact_month",
    ("channel", "cohorts"): "by_origin_and_first_contact_month",
}

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(
        not OLIST.exists(), reason="no Olist data: ../shared is not beside the checkout"
    ),
]
by_funnel = pytest.mark.parametrize(
    ("dimension", "period"), FUNNEL_TRUTH, ids=lambda value: value.replace(" ", "_")
)
by_truth_file = pytest.mark.parametrize("file", TRUTH_KEYS)


@dataclass(frozen=True)
class Built:
    """What the checks read of a build of the Olist funnel.

    Attributes:
        files: The two files as read_funnel returns them.
        raw_leads: The raw leads as written, all text.
        lead_stages: The mart.
        funnel_conversion: The mart.
        channel_conversion: The mart.
        amounts: One row per staged opportunity: lead_id, amount.
        next_best_action: The mart, whose own tests have passed.
        quarantined: Number of quarantined records.
    """

    files: pd.DataFrame
    raw_leads: pd.DataFrame
    lead_stages: pd.DataFrame
    funnel_conversion: pd.DataFrame
    channel_conversion: pd.DataFrame
    amounts: pd.DataFrame
    next_best_action: pd.DataFrame
    quarantined: int


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, builds: Builds, dbt: DbtProcess) -> Built:
    """Build the Olist funnel once, on DuckDB, and ask the tests of next_best_action."""
    folder = tmp_path_factory.mktemp("olist")
    raw = folder / "raw"
    write_raw(OLIST, raw)
    warehouse = builds.build(raw, AS_OF)
    check_actions(dbt, warehouse, raw, AS_OF, folder)
    return Built(
        files=read_funnel(OLIST),
        raw_leads=pd.read_csv(raw / "leads.csv", dtype=str, keep_default_na=False),
        lead_stages=warehouse.table("lead_stages"),
        funnel_conversion=warehouse.table("funnel_conversion"),
        channel_conversion=warehouse.table("channel_conversion"),
        amounts=warehouse.read(
            "select lead_id, cast(amount as double) as amount "
            "from main_staging.stg_crm__opportunities"
        ),
        next_best_action=warehouse.table("next_best_action"),
        quarantined=len(warehouse.table("quarantined_records")),
    )


def read_truth(file: str) -> pd.DataFrame:
    """Return a file of the ground truth, its row names as index."""
    return pd.read_csv(TRUTH / f"{file}.csv").set_index(TRUTH_KEYS[file]).sort_index()


def read_early_win() -> pd.Series:
    """Return the one row of the ground truth that was won before its first contact."""
    rows = pd.read_csv(
        TRUTH / "rows_won_before_first_contact.csv", parse_dates=["first_contact_date", "won_date"]
    )
    assert len(rows) == 1
    return rows.iloc[0]


def normalise(source: str) -> str:
    """Return a lead source as the project compares it; the truth's (null) is unknown."""
    return re.sub(r"[_\s-]+", " ", source.replace("(null)", "unknown")).strip().lower()


@cache
def read_channels() -> dict[str, str]:
    """Return the channel of each lead source of channels.csv."""
    channels = pd.read_csv(PROJECT / "seeds" / "policy" / "channels.csv")
    return dict(zip(channels["lead_source"].map(normalise), channels["channel"], strict=True))


def channel_of(source: str) -> str:
    """Return the channel of a lead source by channels.csv; unknown if it has no row there."""
    return read_channels().get(normalise(source), "unknown")


def to_member(dimension: str, origins: pd.Series) -> pd.Series:
    """Return the member of a dimension of funnel_conversion that each origin belongs to."""
    member_of = {"overall": lambda _: "all", "lead_source": normalise, "channel": channel_of}
    members = {origin: member_of[dimension](origin) for origin in origins.unique()}
    return origins.map(members)


def name_cells(dimension: str, period: str, origins: pd.Series, months: pd.Series) -> pd.DataFrame:
    """Return the columns member and cohort_month (all time: all) of rows of the funnel."""
    cohort = "all" if period == "all time" else pd.to_datetime(months).dt.strftime("%Y-%m")
    return pd.DataFrame({"member": to_member(dimension, origins), "cohort_month": cohort})


def funnel_truth(dimension: str, period: str) -> pd.DataFrame:
    """Return TRUTH_COUNTS by member and cohort_month, summed from a file of the ground truth.

    An origin that is absent and the origin unknown are one member of the project's dimensions.
    """
    file = FUNNEL_TRUTH[dimension, period]
    rows = pd.read_csv(TRUTH / f"{file}.csv")
    nothing = pd.Series("all", index=rows.index)
    origins = rows.get("origin_raw", rows.get("origin_clean", nothing))
    months = rows.get("first_contact_month", nothing)
    names = name_cells(dimension, period, origins, months)
    return rows[TRUTH_COUNTS].groupby([names["member"], names["cohort_month"]]).sum()


def funnel_rows(built: Built, dimension: str, period: str) -> pd.DataFrame:
    """Return the rows of funnel_conversion of a dimension, by member and cohort_month."""
    rows = built.funnel_conversion
    rows = rows[(rows["dimension"] == dimension) & (rows["cohort_basis"] == "mql")]
    is_all_time = rows["cohort_month"].isna()
    rows = rows[is_all_time if period == "all time" else ~is_all_time]
    cohort = pd.to_datetime(rows["cohort_month"]).dt.strftime("%Y-%m").fillna("all")
    return rows.assign(cohort_month=cohort).set_index(["member", "cohort_month"]).sort_index()


def early_cell(dimension: str, period: str) -> tuple[str, str]:
    """Return the member and the cohort month that the early win would belong to."""
    early = read_early_win().to_frame().T
    cell = name_cells(dimension, period, early["origin"], early["first_contact_date"])
    return tuple(cell.iloc[0])


def differences(expected: pd.Series, actual: pd.Series) -> dict[Hashable, int]:
    """Return expected - actual where they differ; both must have the same rows."""
    assert sorted(expected.index) == sorted(actual.index)
    difference = expected - actual
    return {cell: int(value) for cell, value in difference.items() if value != 0}


def won_on_day(built: Built, days: int, dimension: str, period: str) -> pd.Series:
    """Count from the files, by cell, the wins on exactly the n-th calendar day."""
    files = built.files
    won_on = pd.to_datetime(files["won_date"]).dt.normalize()
    is_on_day = won_on == pd.to_datetime(files["first_contact_date"]) + days * DAY
    origins = files["origin"].replace("", "(null)")
    names = name_cells(dimension, period, origins, files["first_contact_date"])
    return is_on_day.groupby([names["member"], names["cohort_month"]]).sum()


def leads_as_truth(built: Built, file: str) -> pd.DataFrame:
    """Return one row per lead of lead_stages, with the columns that name the truth's rows.

    The origin is that of the files, so that an absent one and unknown stay apart. The first contact
    is mql_at; that of the early win, which has none, is put back from the ground truth.

    Returns:
        The columns of TRUTH_KEYS, lead_id, is_mql, is_won, days (calendar), days_elapsed.
    """
    origins = built.files.set_index("mql_id")["origin"]
    early = read_early_win()
    stages = built.lead_stages
    origin = stages["lead_id"].map(origins)
    first_contact_at = stages["mql_at"].where(
        stages["lead_id"] != early["mql_id"], early["first_contact_date"]
    )
    assert first_contact_at.notna().all()
    elapsed = stages["customer_at"] - first_contact_at
    calendar = stages["customer_at"].dt.normalize() - first_contact_at.dt.normalize()
    leads = pd.DataFrame(
        {
            "all": "all",
            "origin_raw": origin.replace("", "(null)"),
            "origin_clean": origin.replace("", "unknown"),
            "first_contact_month": first_contact_at.dt.strftime("%Y-%m"),
            "lead_id": stages["lead_id"],
            "is_mql": stages["mql_at"].notna(),
            "is_won": stages["customer_at"].notna(),
            "days": calendar / DAY,
            "days_elapsed": elapsed / DAY,
        }
    )
    return leads[[*TRUTH_KEYS[file], "lead_id", "is_mql", "is_won", "days", "days_elapsed"]]


def early_row(file: str) -> Hashable:
    """Return the name of the row of a ground-truth file that holds the early win."""
    early = read_early_win()
    month = f"{early['first_contact_date']:%Y-%m}"
    names = {
        "all": "all",
        "origin_raw": early["origin"],
        "origin_clean": early["origin"],
        "first_contact_month": month,
    }
    keys = [names[key] for key in TRUTH_KEYS[file]]
    return keys[0] if len(keys) == 1 else tuple(keys)


def count(leads: pd.DataFrame, file: str, condition: pd.Series) -> pd.Series:
    """Count the leads that meet a condition by the rows of a ground-truth file."""
    return condition.groupby([leads[key] for key in TRUTH_KEYS[file]]).sum().astype(int)


def describe_days(wins: pd.DataFrame) -> dict[str, float]:
    """Return the ground truth's figures of the days to one or more wins."""
    days = wins["days"].sort_values()
    return {
        "median_days": days.median(),
        "p90_days": days.quantile(0.9),
        "p90_days_disc": days.iloc[math.ceil(0.9 * len(days)) - 1],
        "mean_days": days.mean(),
        "median_days_elapsed": wins["days_elapsed"].median(),
        "p90_days_elapsed": wins["days_elapsed"].quantile(0.9),
    }


def days_by_row(leads: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return describe_days by the rows of a ground-truth file; null where nothing was won."""
    keys = TRUTH_KEYS[file]
    wins = leads[leads["is_won"]].groupby(keys)[["days", "days_elapsed"]]
    figures = wins.apply(lambda group: pd.Series(describe_days(group)))
    return figures.reindex(leads.groupby(keys).size().index)


def test_no_record_is_unusable(built: Built) -> None:
    """Real data arrive whole: nothing is quarantined."""
    assert built.quarantined == 0


def test_raw_leads_keep_absent_and_unknown_origin_apart(built: Built) -> None:
    """An absent origin is an empty lead source; every origin has as many leads as in truth."""
    sources = built.raw_leads["lead_source"].replace("", "(null)").value_counts()
    assert differences(read_truth("by_origin_raw")["mqls"], sources) == {}
    assert (sources["(null)"], sources["unknown"]) == (60, 1099)


def test_early_win_is_a_customer_that_never_was_an_mql(built: Built) -> None:
    """The lead won before its first contact, and no other, has no mql_at."""
    early = read_early_win()
    stages = built.lead_stages
    (lead,) = stages[stages["mql_at"].isna()].to_dict("records")
    assert lead["lead_id"] == early["mql_id"]
    assert lead["entry_path"] == "direct"
    implied = ["sql_proposed_at", "sql_accepted_at", "sql_qualified_at", "opportunity_at"]
    for column in ["first_seen_at", *implied, "customer_at"]:
        assert lead[column] == early["won_date"], column


@by_funnel
def test_mqls(built: Built, dimension: str, period: str) -> None:
    """MQLs are the truth's without the early win, which is the only difference."""
    rows = funnel_rows(built, dimension, period)
    truth = funnel_truth(dimension, period)
    assert differences(truth["mqls"], rows["mqls"]) == {early_cell(dimension, period): 1}


@by_funnel
def test_mqls_to_customer(built: Built, dimension: str, period: str) -> None:
    """MQLs that became customers are the truth's valid wins: all but the early one."""
    rows = funnel_rows(built, dimension, period)
    truth = funnel_truth(dimension, period)
    early = {early_cell(dimension, period): 1}
    for step in ["mqls_to_customer", "mqls_to_opportunity", "mqls_to_sql"]:
        assert differences(truth["won_valid"], rows[step]) == {}, step
        assert differences(truth["won"], rows[step]) == early, step


@by_funnel
def test_leads_and_customers(built: Built, dimension: str, period: str) -> None:
    """Leads and customers hold the early win over all time, and lose it with its cohort.

    The early win is the one direct SQL over all time: a cohort is the month of mql_at, so a lead
    without one is in no cohort. A customer counts as an opportunity and as an SQL too.
    """
    rows = funnel_rows(built, dimension, period)
    truth = funnel_truth(dimension, period)
    early = early_cell(dimension, period)
    lost = {} if period == "all time" else {early: 1}
    assert differences(truth["mqls"], rows["leads"]) == lost
    for stage in ["customers", "opportunities", "sqls"]:
        assert differences(truth["won"], rows[stage]) == lost, stage
    direct = rows["direct_sqls"]
    assert direct[direct != 0].to_dict() == ({early: 1} if period == "all time" else {})


@by_funnel
def test_mql_to_won_rate(built: Built, dimension: str, period: str) -> None:
    """The rate is the truth's conversion; in the early win's row one less of each."""
    rows = funnel_rows(built, dimension, period)
    truth = funnel_truth(dimension, period)
    mqls = truth["mqls"].copy()
    mqls[early_cell(dimension, period)] -= 1
    expected = truth["won_valid"] / mqls
    actual = rows["mql_to_won_rate"].astype(float)
    assert (expected - actual).abs().max() < 1e-9
    assert list(expected.index) == list(actual.index)


@pytest.mark.parametrize("days", WINDOWS)
@by_funnel
def test_wins_within_elapsed_days(built: Built, dimension: str, period: str, days: int) -> None:
    """Conversion within n days is the truth's, less the wins on the n-th day and the early win.

    The truth counts wins whose calendar days since the first contact are at most n; the early
    win's, which are negative, are too. The project counts elapsed < n x 24 h from mql_at, which is
    00:00:00 of the first contact: a win on the n-th calendar day is n x 24 h or more after it, and
    so in the truth's number only.
    """
    rows = funnel_rows(built, dimension, period)
    truth = funnel_truth(dimension, period)[f"won_within_{days}d"]
    on_the_day = won_on_day(built, days, dimension, period)
    assert on_the_day.sum() == WON_ON_DAY[days]
    for step in ["mqls_to_customer", "mqls_to_opportunity", "mqls_to_sql"]:
        actual = rows[f"{step}_within_{days}_days"]
        assert differences(truth - on_the_day, actual) == {early_cell(dimension, period): 1}, step


@by_truth_file
def test_wins_within_calendar_days(built: Built, file: str) -> None:
    """Counted as the truth does, calendar days <= n, the early win is the only difference."""
    leads = leads_as_truth(built, file)
    truth = read_truth(file)
    for days in WINDOWS:
        within = leads["days"] <= days
        expected = truth[f"won_within_{days}d"]
        assert differences(expected, count(leads, file, within)) == {}, days
        assert differences(expected, count(leads, file, within & leads["is_mql"])) == {
            early_row(file): 1
        }, days


@by_truth_file
def test_counts_of_lead_stages(built: Built, file: str) -> None:
    """Every row of every ground-truth file; here an absent origin and unknown are two rows."""
    leads = leads_as_truth(built, file)
    truth = read_truth(file)
    won_mqls = leads["is_won"] & leads["is_mql"]
    early = {early_row(file): 1}
    assert differences(truth["mqls"], count(leads, file, leads["lead_id"].notna())) == {}
    assert differences(truth["mqls"], count(leads, file, leads["is_mql"])) == early
    assert differences(truth["won"], count(leads, file, leads["is_won"])) == {}
    assert differences(truth["won"], count(leads, file, won_mqls)) == early
    assert differences(truth["won_valid"], count(leads, file, won_mqls)) == {}


@by_truth_file
def test_conversion_rate_of_lead_stages(built: Built, file: str) -> None:
    """Customers per lead is the truth's conversion rate, which has six decimals, in every row."""
    leads = leads_as_truth(built, file)
    rate = count(leads, file, leads["is_won"]) / count(leads, file, leads["lead_id"].notna())
    truth = read_truth(file)["conversion_rate"]
    assert list(rate.index) == list(truth.index)
    assert (rate - truth).abs().max() <= 0.51e-6


@by_truth_file
def test_days_to_win(built: Built, file: str) -> None:
    """From mql_at to customer_at: the truth's _valid figures, which leave the early win out."""
    leads = leads_as_truth(built, file)
    figures = days_by_row(leads[leads["is_mql"]], file)
    actual = figures[["median_days", "p90_days"]].add_suffix("_valid")
    expected = read_truth(file)[["median_days_valid", "p90_days_valid"]]
    assert_frame_equal(actual, expected, check_dtype=False, rtol=0, atol=1e-9)


@by_truth_file
def test_days_to_win_with_the_early_win(built: Built, file: str) -> None:
    """With the early win's negative days put back, all figures of the truth; without, not its row.

    Calendar days: interpolated median and p90, nearest-rank p90, mean (four decimals); elapsed days
    with their fraction: median and p90 (six decimals).
    """
    leads = leads_as_truth(built, file)
    actual = days_by_row(leads, file)
    expected = read_truth(file)[list(actual.columns)]
    tolerance = {"mean_days": 0.51e-4, "median_days_elapsed": 0.51e-6, "p90_days_elapsed": 0.51e-6}
    for column in actual.columns:
        assert_frame_equal(
            actual[[column]],
            expected[[column]],
            check_dtype=False,
            rtol=0,
            atol=tolerance.get(column, 1e-9),
        )
    without = days_by_row(leads[leads["is_mql"]], file)
    changed = ~((actual == without) | (actual.isna() & without.isna())).all(axis="columns")
    assert list(actual.index[changed]) == [early_row(file)]


@by_truth_file
def test_amounts_of_won_opportunities(built: Built, file: str) -> None:
    """Staged amounts of the leads' opportunities add up to the truth's declared revenue."""
    leads = leads_as_truth(built, file).merge(built.amounts, on="lead_id", how="left")
    amounts = leads.groupby(TRUTH_KEYS[file])["amount"].sum()
    assert differences(read_truth(file)["sum_declared_monthly_revenue"], amounts) == {}


def test_channel_conversion_is_the_channel_dimension(built: Built) -> None:
    """channel_conversion has the rows of the dimension channel, which the tests above check."""
    rows = funnel_rows(built, "channel", "all time").droplevel("cohort_month")
    channels = built.channel_conversion.set_index("channel").sort_index()
    shared = [column for column in channels.columns if column in rows.columns]
    assert {"leads", "mqls", "mqls_to_customer", "customers", "mql_to_won_rate"} <= set(shared)
    assert_frame_equal(channels[shared], rows[shared], check_names=False)
    assert list(channels.index) == ["inbound", "paid", "referrals", "unknown"]


def test_customers_are_looked_after(built: Built) -> None:
    """No paying customer is suppressed or nurtured, though none fits: nothing is known of them.

    Sales looks after each; every other lead has an action of marketing.
    """
    actions = built.next_best_action.set_index("lead_id")
    stages = built.lead_stages.set_index("lead_id")
    assert sorted(actions.index) == sorted(stages.index)
    is_customer = (stages["stage"] == "customer").reindex(actions.index)
    assert is_customer.sum() == read_truth("overall")["won"].sum()
    assert set(actions.loc[is_customer, "action"]) == {"look_after_customer"}
    assert set(actions.loc[is_customer, "owner"]) == {"sales"}
    assert actions.loc[is_customer, "nurture_track"].isna().all()
    assert set(actions.loc[~is_customer, "owner"]) == {"marketing"}
