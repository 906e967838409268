"""The pictures of a build: valid SVG, with the numbers of the tables, the same bytes every time."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pandas
import pytest

from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.plots import FIGURES, main, write_plots

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plots(demo: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pictures of the demo by name."""
    paths = write_plots(demo, tmp_path_factory.mktemp("plots") / "docs" / "plots")
    return {path.stem: path for path in paths}


def texts(path: Path) -> Counter[str]:
    """The texts of a picture, line by line; fails if it is not an SVG."""
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    return Counter("".join(element.itertext()).strip() for element in root.iter(f"{SVG}text"))


def whole_text(path: Path) -> str:
    """All texts of a picture, one a line."""
    return "\n".join(texts(path))


def test_every_picture_is_dated_and_says_what_it_marks(plots: dict[str, Path]) -> None:
    assert set(plots) == set(FIGURES)
    for path in plots.values():
        told = whole_text(path)
        assert "As of 2026-06-30 23:59 UTC." in told
        assert "insufficient data, n below 30" in told


def test_calibration_has_bins_and_thresholds(plots: dict[str, Path], demo: Warehouse) -> None:
    """Every bin its number of leads, every model its thresholds and verdict."""
    bins, found = demo.table("score_calibration"), texts(plots["calibration"])
    assert not bins.empty
    first = bins.groupby("scoring_model")["bin_from"].transform("min") == bins["bin_from"]
    written = bins["leads"].astype(str).where(~first, "n " + bins["leads"].astype(str))
    for count, times in Counter(written).items():
        assert found[count] >= times, count
    for row in demo.table("threshold_recommendation").itertuples():
        assert any(text.startswith(f"Model {row.scoring_model}: ") for text in found)
        assert found[f"threshold today: {row.current_threshold:g}"] >= 1
        assert found[f"target {float(row.target_rate):.0%}"] >= 1
        if pandas.notna(row.recommended_threshold):
            assert found[f"recommended: {row.recommended_threshold:g}"] >= 1


def test_recommended_threshold_is_drawn(demo: Warehouse, tmp_path: Path) -> None:
    """A model with a recommendation has a line more, and says so."""
    changed = copy_of(
        demo,
        tmp_path,
        "update main_marts.threshold_recommendation set recommended_threshold = 60, "
        "verdict = 'raise' where scoring_model = 'guide'",
    )
    write_plots(changed, tmp_path)
    found = texts(tmp_path / "calibration.svg")
    assert found["recommended: 60"] == 1
    assert found["Model guide: raise the threshold"] == 1


def test_channels_have_steps_and_rates(plots: dict[str, Path], demo: Warehouse) -> None:
    found = texts(plots["channels"])
    comparison = demo.table("benchmark_comparison")
    is_channel = (comparison["dimension"] == "channel") & (
        comparison["metric"] == "mql_to_sql_rate"
    )
    judged = comparison[is_channel].set_index("member")
    for row in demo.table("channel_conversion").itertuples():
        assert found[row.channel] == 1
        assert found[f"{row.leads} / {row.mqls} / {row.sqls} / {row.customers}"] >= 1
        if row.channel in judged.index:
            actual = judged.loc[row.channel]
            told = f"{float(actual['actual']):.0%}, n {int(actual['denominator'])}: "
            assert found[told + actual["verdict"].replace("_", " ")] >= 1
        elif row.mqls:
            assert found[f"{float(row.mql_to_sql_rate):.0%}, n {row.mqls}: no benchmark"] >= 1
        else:
            assert found["no MQLs"] >= 1


def test_a_name_is_drawn_as_the_text_that_it_is(demo: Warehouse, tmp_path: Path) -> None:
    """Neither a formula of matplotlib, nor an element of SVG, nor a line of its own."""
    name = "$\\frac{1}$ <script>a</script>\n& b"
    changed = copy_of(
        demo,
        tmp_path,
        f"update main_marts.channel_conversion set channel = '{name}' where channel = 'inbound'",
    )
    write_plots(changed, tmp_path)
    assert texts(tmp_path / "channels.svg")[name.replace("\n", " ")] == 1


def test_outcomes_are_counted(plots: dict[str, Path], demo: Warehouse) -> None:
    found = texts(plots["scores_by_outcome"])
    points = demo.table("evaluation_points").query("is_mature")
    for model, rows in points.groupby("scoring_model"):
        converted = int(rows["is_converted"].sum())
        assert found[f"Model {model}"] == 1
        assert found[f"converted, n {converted}"] >= 1
        assert found[f"not converted, n {len(rows) - converted}"] >= 1


def test_speed_to_lead_has_every_class(plots: dict[str, Path], demo: Warehouse) -> None:
    found = texts(plots["speed_to_lead"])
    rows = demo.table("sla_performance").query("sla_policy == 'all' and rep_id == 'all'")
    totals = rows[rows["week_start"].isna() & (rows["response_bucket"] != "all")]
    labels = demo.read(f"select response_bucket, label from {demo.policy}.response_buckets")
    label_of = dict(labels.itertuples(index=False)) | {"none": "no response"}
    assert len(totals) > 1
    for row in totals.itertuples():
        assert found[label_of[row.response_bucket]] == 1
        assert found[f"n {row.handoffs}"] >= 1


def test_two_runs_give_the_same_bytes(
    plots: dict[str, Path],
    demo: Warehouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By the command too; it says what it wrote."""
    monkeypatch.setenv("LEAD_DB_PATH", demo.environment["LEAD_DB_PATH"])
    main(["--out", str(tmp_path)])
    assert capsys.readouterr().out.split() == [str(tmp_path / f"{name}.svg") for name in FIGURES]
    for name, path in plots.items():
        assert (tmp_path / f"{name}.svg").read_bytes() == path.read_bytes(), name


def test_a_build_without_data_gives_pictures_that_say_so(demo: Warehouse, tmp_path: Path) -> None:
    """No bins, no points, no hand-offs, no channels."""
    tables = ("score_calibration", "evaluation_points", "sla_performance", "channel_conversion")
    empty = copy_of(demo, tmp_path, *(f"delete from main_marts.{table}" for table in tables))
    write_plots(empty, tmp_path)
    for name in ("calibration", "scores_by_outcome", "speed_to_lead"):
        assert "no data yet" in whole_text(tmp_path / f"{name}.svg")
    assert texts(tmp_path / "channels.svg")["MQL to SQL"] == 1


def test_command_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, and a file without a build."""
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    for path, words in (
        (tmp_path / "absent.duckdb", "there is no DuckDB file"),
        (empty, "no table"),
    ):
        monkeypatch.setenv("LEAD_DB_PATH", str(path))
        with pytest.raises(SystemExit, match=words) as stopped:
            main(["--out", str(tmp_path / "plots")])
        assert "run dbt build" in str(stopped.value.code)


def copy_of(warehouse: Warehouse, folder: Path, *statements: str) -> Warehouse:
    """A copy of a DuckDB build after some statements."""
    path = folder / "copy.duckdb"
    shutil.copy(warehouse.environment["LEAD_DB_PATH"], path)
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return duckdb_warehouse(path)
