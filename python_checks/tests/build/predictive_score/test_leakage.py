"""What happens after its evaluation point changes nothing of what is predicted for a lead.

The company is built once more without the raw facts that came later: of every lead that has an
evaluation point, whatever it did, and whatever sales did with it, after that point. Rows of leads
and identify events stay, also later ones: they say who somebody is, not what they did, and so
claim earlier events (see test_point_in_time.py). Third-party intent belongs to an account, and goes
where it came after the points of all of its leads.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lead_qualification.generator.writing import write
from lead_qualification.prediction.forecast import Forecast
from lead_qualification.prediction.source import Inputs, read_inputs
from lead_qualification.warehouse import Warehouse
from python_checks.tests.build.predictive_score.conftest import AS_OF, NEEDED
from python_checks.tests.builds import Builds

pytestmark = pytest.mark.nightly

LATER_EVENTS = """
with points as (

    select leads.lead_id, leads.account_id, points.evaluated_at
    from main_marts.evaluation_points as points
    inner join main_intermediate.int_leads as leads on points.lead_id = leads.lead_id

),

accounts as (

    select account_id, max(evaluated_at) as evaluated_at from points group by account_id

)

select events.source, events.record_id
from main_intermediate.int_resolved_events as events
left join points on events.lead_id = points.lead_id
left join accounts on events.lead_id is null and events.account_id = accounts.account_id
where events.occurred_at > coalesce(points.evaluated_at, accounts.evaluated_at)
"""
OWNERS = """
select records.record_id, points.evaluated_at
from main_intermediate.int_lead_records as records
inner join main_marts.evaluation_points as points on records.lead_id = points.lead_id
"""
TIMES_OF_SALES = {
    "sales_activities": "occurred_at",
    "lead_status_changes": "changed_at",
    "qualification_answers": "answered_at",
    "opportunities": "created_at",
}


def without_later_facts(company: Path, built: Warehouse, out: Path) -> dict[str, int]:
    """Write the company without what came after evaluation points; return the rows that went."""
    events = built.read(LATER_EVENTS).groupby("source")["record_id"].agg(set).to_dict()
    evaluated_at = built.read(OWNERS).set_index("record_id")["evaluated_at"]
    out.mkdir()
    gone = {}
    for path in sorted(company.glob("*.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        key = rows.iloc[:, 0].str.strip()
        is_later = key.isin(events.get(path.stem, set()))
        if path.stem == "web_events":
            is_later &= rows["event_name"] != "identify"
        if path.stem in TIMES_OF_SALES:
            happened = pd.to_datetime(
                rows[TIMES_OF_SALES[path.stem]], format="mixed", utc=True, errors="coerce"
            )
            later = happened.dt.tz_localize(None) > rows["lead_id"].str.strip().map(evaluated_at)
            is_later |= key.isin(key[later])
        gone[path.stem] = int(is_later.sum())
        write(rows[~is_later], out / path.name)
    return gone


@pytest.fixture(scope="module")
def cut_future(
    company: Path,
    built: Warehouse,
    builds: Builds,
    tmp_path_factory: pytest.TempPathFactory,
) -> Future[Warehouse]:
    """The company without later facts, being built."""
    folder = tmp_path_factory.mktemp("cut_company") / "raw"
    gone = without_later_facts(company, built, folder)
    assert min(gone[name] for name in (*TIMES_OF_SALES, "web_events", "intent_signals")) > 100
    return builds.submit(folder, AS_OF, arguments=NEEDED)


@pytest.fixture(scope="module")
def cut_inputs(cut_future: Future[Warehouse]) -> Inputs:
    """What the command reads of the company without later facts."""
    return read_inputs(cut_future.result())


def test_evaluation_points_are_the_same(cut_inputs: Inputs, inputs: Inputs) -> None:
    assert cut_inputs.lead_ids == inputs.lead_ids
    assert np.array_equal(cut_inputs.evaluated_at, inputs.evaluated_at)
    assert np.array_equal(cut_inputs.scores, inputs.scores)


def test_features_are_the_same(cut_inputs: Inputs, inputs: Inputs) -> None:
    assert cut_inputs.features.names == inputs.features.names
    differing = (cut_inputs.features.values != inputs.features.values).tocoo()
    assert {inputs.features.names[number] for number in differing.col} == set()


def test_the_model_predicts_the_same(cut_inputs: Inputs, inputs: Inputs, first: Forecast) -> None:
    assert first.model is not None
    assert np.array_equal(
        first.model.probability(cut_inputs.features), first.model.probability(inputs.features)
    )
    # The facts that are gone did matter: without later deals nobody has converted.
    assert cut_inputs.outcomes.sum() < 0.1 * inputs.outcomes.sum()
