"""Small cases whose outcome is derived by hand from the specification, all in one build.

The rows of a case stand above its test. Nothing here asks the reference. The clock stands at
30 September 00:00; a lead that is not told otherwise was created on 1 March 10:00, fits perfectly
(40 points, grade A) and came inbound, so it is scored by the model guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from python_checks.compare import normal
from python_checks.tests.build.scenarios import VARIABLES_OF_CASES, Scenario
from python_checks.tests.builds import Builds
from python_checks.worlds import WORLDS_AS_OF

SCENARIO = Scenario()
FIRST_SEEN = ("lead", "2026-03-01 10:00:00", "first_seen")
AS_OF = "2026-09-30 00:00:00"
A_SECOND_LATER = "2026-09-30 00:00:01"
BANT = ("budget", "authority", "need", "timeline")


@dataclass(frozen=True)
class Outcome:
    """The public tables of the build, as rows of text."""

    tables: dict[str, list[dict[str, Any]]]

    def rows(self, table: str, **match: str) -> list[dict[str, Any]]:
        """The rows of a table that match."""
        return [
            row
            for row in self.tables[table]
            if all(row[name] == value for name, value in match.items())
        ]

    def lead(self, lead_id: str) -> dict[str, Any]:
        """The row of a lead in lead_stages."""
        (row,) = self.rows("lead_stages", lead_id=lead_id)
        return row

    def score(self, lead_id: str) -> dict[str, Any]:
        """The row of a lead's primary model in lead_scores."""
        (row,) = [r for r in self.rows("lead_scores", lead_id=lead_id) if r["is_primary"]]
        return row

    def stages(self, lead_id: str) -> list[tuple[str, str, str]]:
        """The stage history of a lead as (stage, entered_at, entered_by)."""
        rows = self.rows("lead_stage_history", lead_id=lead_id)
        rows.sort(key=lambda row: row["stage_number"])
        return [(row["stage"], str(row["entered_at"]), row["entered_by"]) for row in rows]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> Outcome:
    """All cases, built once."""
    raw = SCENARIO.write(tmp_path_factory.mktemp("cases"))
    warehouse = builds.build(raw, WORLDS_AS_OF, variables=VARIABLES_OF_CASES)
    tables = (
        *("lead_stages", "lead_scores", "lead_score_history", "lead_stage_history"),
        *("excluded_events", "quarantined_records", "raw_row_ledger"),
    )
    return Outcome(
        {
            table: [
                {name: normal(value) for name, value in row.items()}
                for row in warehouse.table(table).to_dict("records")
            ]
            for table in tables
        }
    )


# A timer and an event at the same instant: the event goes first, and then the timer is the one
# of the stage that the event led to.
SCENARIO.lead("called_in_time")
SCENARIO.activity("called_in_time", "2026-03-02 09:00:00", "demo_request")
SCENARIO.sales("called_in_time", "2026-05-01 09:00:00", "call", "no_answer")
SCENARIO.lead("called_too_late")
SCENARIO.activity("called_too_late", "2026-03-02 09:00:00", "demo_request")
SCENARIO.sales("called_too_late", "2026-05-01 09:00:01", "call", "no_answer")


def test_event_at_the_instant_of_the_timer_goes_first(outcome: Outcome) -> None:
    """60 days after 2 March 09:00 is 1 May 09:00: the call saves the hand-off for 14 days."""
    assert outcome.stages("called_in_time") == [
        FIRST_SEEN,
        ("sql_proposed", "2026-03-02 09:00:00", "high_intent_action"),
        ("sql_contacted", "2026-05-01 09:00:00", "sales_contacted"),
        ("mql", "2026-05-15 09:00:00", "sql_no_response"),
        ("nurture", "2026-08-13 09:00:00", "mql_expired"),
    ]


def test_event_after_the_timer_comes_too_late(outcome: Outcome) -> None:
    """A second later the hand-off has gone back, and a call means nothing in nurture."""
    assert outcome.stages("called_too_late") == [
        FIRST_SEEN,
        ("sql_proposed", "2026-03-02 09:00:00", "high_intent_action"),
        ("nurture", "2026-05-01 09:00:00", "sql_unworked"),
    ]


# What happens at as_of has happened, what happens a second later has not.
for moment, suffix in ((AS_OF, "now"), (A_SECOND_LATER, "next")):
    for kind in ("visit", "accepted", "connected", "qualified", "deal", "won"):
        SCENARIO.lead(f"{kind}_{suffix}")
    SCENARIO.visit(f"visit_{suffix}", moment)
    SCENARIO.status(f"accepted_{suffix}", moment, "accepted")
    SCENARIO.sales(f"connected_{suffix}", moment, "call", "connected")
    SCENARIO.answers(f"qualified_{suffix}", "2026-09-29 00:00:00", "confirmed", *BANT[:3])
    SCENARIO.answers(f"qualified_{suffix}", moment, "confirmed", BANT[3])
    SCENARIO.deal(f"deal_{suffix}", moment)
    SCENARIO.deal(f"won_{suffix}", "2026-09-01 09:00:00", moment, "true")
    SCENARIO.lead(f"created_{suffix}", created_at=moment)


@pytest.mark.parametrize(
    ("lead_id", "stage"),
    [
        ("visit_now", "sql_proposed"),
        ("visit_next", "lead"),
        ("accepted_now", "sql_accepted"),
        ("accepted_next", "lead"),
        ("connected_now", "sql_working"),
        ("connected_next", "lead"),
        ("qualified_now", "sql_qualified"),
        ("qualified_next", "lead"),
        ("deal_now", "opportunity"),
        ("deal_next", "lead"),
        ("won_now", "customer"),
        ("won_next", "opportunity"),
        ("created_now", "lead"),
    ],
)
def test_facts_exist_up_to_as_of(outcome: Outcome, lead_id: str, stage: str) -> None:
    """A time equal to as_of exists; a deal that closes later is open."""
    assert outcome.lead(lead_id)["stage"] == stage


def test_score_at_as_of(outcome: Outcome) -> None:
    """(40 + 15) x 1.5 with the visit, 40 x 0.5 without."""
    assert (outcome.score("visit_now")["score"], outcome.score("visit_next")["score"]) == (82.5, 20)


def test_lead_created_after_as_of_is_not_there(outcome: Outcome) -> None:
    """No row in any table."""
    assert outcome.rows("lead_stages", lead_id="created_next") == []
    assert outcome.rows("lead_score_history", lead_id="created_next") == []


# Merge chains: twenty hops are followed, a loop is not, nor what runs into one.
for hop in range(21):
    SCENARIO.lead(f"hop{hop:02}", merged_into_lead_id=f"hop{hop + 1:02}" if hop < 20 else "")
SCENARIO.visit("hop00", "2026-09-25 09:00:00")
SCENARIO.mail("hop07", "2026-09-25 10:00:00", "clicked")
SCENARIO.lead("ring_a", merged_into_lead_id="ring_b")
SCENARIO.lead("ring_b", merged_into_lead_id="ring_a")
SCENARIO.lead("into_ring", merged_into_lead_id="ring_a")
SCENARIO.lead("own_ring", merged_into_lead_id="own_ring")
SCENARIO.visit("into_ring", "2026-09-25 09:00:00")


def test_chain_of_twenty_hops_is_one_lead(outcome: Outcome) -> None:
    """The survivor has the visit of the first record and the click on the eighth's address."""
    found = [row["lead_id"] for row in outcome.tables["lead_stages"]]
    assert [lead_id for lead_id in found if lead_id.startswith("hop")] == ["hop20"]
    assert outcome.score("hop20")["score"] == (40 + 15 + 3) * 1.5


def test_records_of_a_loop_stand_on_their_own(outcome: Outcome) -> None:
    """So does a record whose chain runs into the loop: its visit is its own."""
    scores = {
        lead_id: outcome.score(lead_id)["score"]
        for lead_id in ("ring_a", "ring_b", "into_ring", "own_ring")
    }
    assert scores == {"ring_a": 20, "ring_b": 20, "into_ring": 82.5, "own_ring": 20}


# Accounts by e-mail domain.
SCENARIO.account("twins-a", domain="twins.com")
SCENARIO.account("twins-Z", domain=" WWW.Twins.com")
SCENARIO.lead("twin_by_domain", account_id="", email="x@TWINS.com")
SCENARIO.lead("twin_by_id", account_id="twins-a", email="y@twins.com")
for twin in ("twin_by_domain", "twin_by_id"):
    SCENARIO.visit(twin, "2026-09-25 09:00:00")
SCENARIO.intent("www.twins.com", "2026-09-26 09:00:00", "topic_spike")
for account_id, domain in (
    ("mailbox", "gmail.com"),
    ("school", "school.edu"),
    ("school_au", "school.edu.au"),
    ("school_uk", "school.ac.uk"),
    ("edu_company", "edu.com"),
):
    SCENARIO.account(account_id, domain=domain)
SCENARIO.lead("personal", account_id="", email="personal@gmail.com")
SCENARIO.lead("personal_with_account", account_id="mailbox", email="other@gmail.com")
SCENARIO.lead("student", account_id="", email="student@school.edu")
SCENARIO.lead("student_au", account_id="", email="student@school.edu.au")
SCENARIO.lead("student_uk", account_id="", email="student@school.ac.uk")
SCENARIO.lead("corporate", account_id="", email="corporate@www.edu.com")
SCENARIO.lead("lost_account", account_id="nowhere", email="lost@edu.com")


@pytest.mark.parametrize(
    ("lead_id", "account_id"),
    [
        ("twin_by_domain", "twins-Z"),
        ("twin_by_id", "twins-a"),
        ("personal", None),
        ("personal_with_account", "mailbox"),
        ("student", None),
        ("student_au", None),
        ("student_uk", None),
        ("corporate", "edu_company"),
        ("lost_account", "edu_company"),
    ],
)
def test_account_of_a_lead(outcome: Outcome, lead_id: str, account_id: str | None) -> None:
    """Of two accounts on a domain the bytewise smaller id; only corporate domains find one."""
    assert outcome.lead(lead_id)["account_id"] == account_id


def test_intent_belongs_to_the_account_that_has_the_domain(outcome: Outcome) -> None:
    """The topic spike (10 points) is the first twin's, though both accounts name the domain."""
    assert outcome.score("twin_by_domain")["score"] == (40 + 15 + 10) * 1.5
    assert outcome.score("twin_by_id")["score"] == (40 + 15) * 1.5


# The cooldown that a reason sets.
REASONS = {
    "competitor": "2026-05-02 09:00:00",
    "": "2026-05-02 09:00:00",
    "no such reason": "2026-05-02 09:00:00",
    "wrong_title": "2026-05-02 09:00:00",
    " Wrong_ICP ": "2026-06-01 09:00:00",
}
for number, reason in enumerate(REASONS):
    SCENARIO.lead(f"reason{number}")
    SCENARIO.status(f"reason{number}", "2026-03-02 09:00:00", "accepted")
    SCENARIO.status(f"reason{number}", "2026-03-03 09:00:00", "rejected", reason)


@pytest.mark.parametrize(("number", "reason"), list(enumerate(REASONS)))
def test_cooldown_of_a_reason(outcome: Outcome, number: int, reason: str) -> None:
    """Without days, missing or unknown: the default of 60 days; wrong_icp: 90."""
    stays = outcome.rows("lead_stage_history", lead_id=f"reason{number}")
    last = max(stays, key=lambda stay: stay["stage_number"])
    assert (last["stage"], str(last["cooldown_until"])) == ("nurture", REASONS[reason])
    assert last["reason_code"] == (reason.strip().lower() or None)


# A row that nobody can use, of a record that is not there, with the address of somebody erased.
SCENARIO.lead("erased", email="gone@acme.com", is_deleted="true")
SCENARIO.lead("unusable", email="Gone@acme.com", is_deleted="perhaps")
SCENARIO.lead("unusable_too", email="other@acme.com", is_deleted="perhaps")
SCENARIO.lead(
    "not_there_yet", email="gone@acme.com", email_status="risky", created_at="2026-10-01 00:00:00"
)


def test_unusable_row_with_an_erased_address_is_erased(outcome: Outcome) -> None:
    """It is in no quarantine; one with another address is, and one known by an id of its own."""
    assert outcome.rows("quarantined_records", record_id="unusable") == []
    assert len(outcome.rows("quarantined_records", record_id="unusable_too")) == 1
    assert len(outcome.rows("quarantined_records", record_id="not_there_yet")) == 1
    (erased,) = outcome.rows("raw_row_ledger", source="leads", outcome="erased")
    (unusable,) = outcome.rows("raw_row_ledger", source="leads", outcome="unusable")
    assert (int(erased["rows"]), int(unusable["rows"])) == (2, 1)


# An anonymous visitor belongs to the earliest identify that resolves, not to the latest.
SCENARIO.lead("identified_first")
SCENARIO.lead("identified_later")
SCENARIO.visit("", "2026-03-05 09:00:00", anonymous_id="cookie")
for moment, lead_id, email in (
    ("2026-03-06 09:00:00", "", "nobody@nowhere.com"),
    ("2026-03-07 09:00:00", "", " Identified_First@acme.com"),
    ("2026-03-08 09:00:00", "identified_later", ""),
):
    who = {"anonymous_id": "cookie", "email": email}
    SCENARIO.visit(lead_id, moment, "", event_name="identify", **who)
SCENARIO.visit("", "2026-03-09 09:00:00", "/demo", anonymous_id="cookie")


def test_visitor_belongs_to_the_earliest_identify(outcome: Outcome) -> None:
    """Both page views, one before and one after, are the first lead's."""
    first, later = outcome.score("identified_first"), outcome.score("identified_later")
    assert str(first["first_engagement_at"]) == "2026-03-05 09:00:00"
    assert str(first["last_engagement_at"]) == "2026-03-09 09:00:00"
    assert later["first_engagement_at"] is None


# Whole words of a job title.
TITLES = {
    "Cmosaic Designer": 25,
    "Growthhacker": 25,
    "VP, Growth": 40,
    "Sales-Operations  Lead": 40,
    "Sales Engineer, Operations": 25,
    "MARKETING": 40,
}
for number, title in enumerate(TITLES):
    SCENARIO.lead(f"title{number}", job_title=title)


@pytest.mark.parametrize(("number", "title"), list(enumerate(TITLES)))
def test_phrases_match_whole_words(outcome: Outcome, number: int, title: str) -> None:
    """A buyer's role is worth 15 of the 40 points, and a grade."""
    row = outcome.score(f"title{number}")
    assert row["fit_points"] == TITLES[title]
    assert row["grade"] == ("A" if TITLES[title] == 40 else "B")


# Grades and gates: the profile cold_outbound asks for D and does not use the matrix, the profile
# standard does and blocks F.
SCENARIO.account("misfit", industry="Retail", employee_count="5000", country="BR")
for lead_id, title, source in (
    ("cold_f", "Engineer", "Cold Email"),
    ("cold_d", "", "Cold Email"),
    ("cold_d_one_click", "", "Cold Email"),
    ("cold_f_reply", "Engineer", "Cold Email"),
    ("inbound_f", "Engineer", "Blog"),
):
    SCENARIO.lead(lead_id, job_title=title, lead_source=source, account_id="misfit")
for lead_id in ("cold_f", "cold_d", "cold_d_one_click"):
    SCENARIO.mail(lead_id, "2026-09-20 09:00:00", "clicked", program="cold_outbound")
for lead_id in ("cold_f", "cold_d"):
    SCENARIO.mail(lead_id, "2026-09-20 09:01:00", "clicked", program="cold_outbound")
SCENARIO.mail("cold_f_reply", "2026-09-20 09:00:00", "replied", program="cold_outbound")
SCENARIO.activity("inbound_f", "2026-09-20 09:00:00", "demo_request")


@pytest.mark.parametrize(
    ("lead_id", "grade", "stage"),
    [
        ("cold_f", "F", "lead"),
        ("cold_d", "D", "mql"),
        ("cold_d_one_click", "D", "lead"),
        ("cold_f_reply", "F", "mql"),
        ("inbound_f", "F", "lead"),
    ],
)
def test_grade_opens_or_shuts_the_gate(
    outcome: Outcome, lead_id: str, grade: str, stage: str
) -> None:
    """Two clicks make (5 + 5) x 1.5 = 15, the bar: for D, not for F.

    A reply is a trigger, which only a profile with the matrix takes from a lead of grade F.
    """
    assert (outcome.score(lead_id)["grade"], outcome.lead(lead_id)["stage"]) == (grade, stage)


# Received late is not happened late.
SCENARIO.lead("received_late")
SCENARIO.visit("received_late", "2026-03-02 09:00:00", received_at="2026-09-29 09:00:00")
SCENARIO.lead("received_after_as_of")
SCENARIO.visit("received_after_as_of", "2026-03-02 09:00:00", received_at="2027-01-01 00:00:00")


@pytest.mark.parametrize("lead_id", ["received_late", "received_after_as_of"])
def test_event_counts_when_it_happened(outcome: Outcome, lead_id: str) -> None:
    """The worked example of the specification: 82.5, 66, 55, 38.5 and 20, from 2 March on."""
    rows = outcome.rows("lead_score_history", lead_id=lead_id)
    assert [(str(row["valid_from"]), row["score"]) for row in rows] == [
        ("2026-03-01 10:00:00", 20),
        ("2026-03-02 09:00:00", 82.5),
        ("2026-03-09 09:00:00", 66),
        ("2026-04-01 09:00:00", 55),
        ("2026-05-01 09:00:00", 38.5),
        ("2026-05-31 09:00:00", 20),
    ]


# Frameworks: the latest answers count, and answers of one instant apply together.
SCENARIO.lead("bant_at_last")
SCENARIO.answers("bant_at_last", "2026-03-05 09:00:00", "confirmed", *BANT[:3])
SCENARIO.answers("bant_at_last", "2026-03-06 09:00:00", "denied", "budget")
SCENARIO.answers("bant_at_last", "2026-03-07 09:00:00", "confirmed", "timeline")
SCENARIO.answers("bant_at_last", "2026-03-08 09:00:00", "confirmed", "budget")
SCENARIO.lead("bant_never")
SCENARIO.answers("bant_never", "2026-03-05 09:00:00", "confirmed", *BANT[:3])
SCENARIO.answers("bant_never", "2026-03-06 09:00:00", "confirmed", "timeline")
SCENARIO.answers("bant_never", "2026-03-06 09:00:00", "denied", "need")
for lead_id in ("bant_kept", "bant_withdrawn"):
    SCENARIO.lead(lead_id)
    SCENARIO.status(lead_id, "2026-03-02 09:00:00", "accepted")
    SCENARIO.status(lead_id, "2026-03-03 09:00:00", "regressed")
    SCENARIO.status(lead_id, "2026-03-04 09:00:00", "accepted")
    SCENARIO.status(lead_id, "2026-03-05 09:00:00", "regressed")
    SCENARIO.answers(lead_id, "2026-03-10 09:00:00", "confirmed", *BANT)
    SCENARIO.status(lead_id, "2026-03-20 09:00:00", "accepted")
SCENARIO.answers("bant_withdrawn", "2026-03-11 09:00:00", "denied", "need")


def test_framework_passes_when_all_latest_answers_confirm(outcome: Outcome) -> None:
    """Only the fourth answer of the second round completes it."""
    assert outcome.stages("bant_at_last")[1] == (
        "sql_qualified",
        "2026-03-08 09:00:00",
        "qualification_passed",
    )
    assert outcome.stages("bant_never") == [FIRST_SEEN]


def test_standing_framework_qualifies_on_acceptance(outcome: Outcome) -> None:
    """Confirmed in a stage that ignores it, BANT qualifies at the acceptance, unless withdrawn."""
    accepted = ("sql_accepted", "2026-03-20 09:00:00", "sales_accepted")
    qualified = ("sql_qualified", "2026-03-20 09:00:00", "qualification_passed")
    stalled = ("long_term_nurture", "2026-05-19 09:00:00", "sql_stalled")
    long_term = ("long_term_nurture", "2026-03-05 09:00:00", "regressed")
    assert outcome.stages("bant_kept")[4:] == [long_term, accepted, qualified, stalled]
    assert outcome.stages("bant_withdrawn")[4:] == [long_term, accepted, stalled]


# A cooldown that ends exactly on an event lets the event through.
for lead_id, moment in (
    ("thawed", "2026-05-02 09:00:00"),
    ("frozen", "2026-05-02 08:59:59"),
):
    SCENARIO.lead(lead_id)
    SCENARIO.status(lead_id, "2026-03-02 09:00:00", "accepted")
    SCENARIO.status(lead_id, "2026-03-03 09:00:00", "rejected", "bad_data")
    SCENARIO.product(lead_id, moment, "team_invite")


def test_event_at_the_end_of_the_cooldown_counts(outcome: Outcome) -> None:
    """60 days after 3 March 09:00 is 2 May 09:00: the milestone of that instant makes a PQL."""
    assert outcome.stages("thawed")[2:] == [
        ("nurture", "2026-03-03 09:00:00", "sales_rejected"),
        ("pql", "2026-05-02 09:00:00", "pql_milestone"),
        ("nurture", "2026-06-16 09:00:00", "pql_expired"),
    ]


def test_event_within_the_cooldown_is_dropped(outcome: Outcome) -> None:
    """Not a PQL a second earlier, but the engagement opens the gate when the cooldown ends."""
    assert outcome.stages("frozen")[2:] == [
        ("nurture", "2026-03-03 09:00:00", "sales_rejected"),
        ("mql", "2026-05-02 09:00:00", "mql_gate"),
        ("nurture", "2026-07-31 09:00:00", "mql_expired"),
    ]


# Deals that follow each other.
for lead_id, second in (("relay", "2026-04-05 09:00:00"), ("gap", "2026-04-05 09:00:01")):
    SCENARIO.lead(lead_id)
    SCENARIO.deal(lead_id, "2026-03-05 09:00:00", "2026-04-05 09:00:00", "false")
    SCENARIO.deal(lead_id, second)
SCENARIO.lead("flash")
SCENARIO.deal("flash", "2026-03-05 09:00:00", "2026-03-05 09:00:00", "false")
SCENARIO.lead("both_lost")
SCENARIO.deal("both_lost", "2026-03-05 09:00:00", "2026-04-05 09:00:00", "false")
SCENARIO.deal("both_lost", "2026-03-06 09:00:00", "2026-04-05 09:00:00", "no")
DEAL = ("opportunity", "2026-03-05 09:00:00", "opportunity_created")
LOST = ("nurture", "2026-04-05 09:00:00", "opportunity_lost")


def test_deal_created_as_another_is_lost_keeps_the_lead(outcome: Outcome) -> None:
    """At that instant the other is open, so nothing is lost; a second later it is."""
    assert outcome.stages("relay") == [FIRST_SEEN, DEAL]
    assert outcome.stages("gap") == [
        FIRST_SEEN,
        DEAL,
        LOST,
        ("opportunity", "2026-04-05 09:00:01", "opportunity_created"),
    ]


def test_deals_that_end_together_or_at_once(outcome: Outcome) -> None:
    """Two that close together leave none open; one may be lost at the instant of its creation."""
    assert outcome.stages("both_lost") == [FIRST_SEEN, DEAL, LOST]
    assert outcome.stages("flash") == [
        FIRST_SEEN,
        DEAL,
        ("nurture", "2026-03-05 09:00:00", "opportunity_lost"),
    ]


# Disqualified during an open deal.
for lead_id, is_won in (("dq_lost", "false"), ("dq_reopened", "false"), ("dq_won", "true")):
    SCENARIO.lead(lead_id)
    SCENARIO.deal(lead_id, "2026-03-05 09:00:00", "2026-04-05 09:00:00", is_won)
    SCENARIO.status(lead_id, "2026-03-10 09:00:00", "disqualified", "competitor")
SCENARIO.status("dq_reopened", "2026-03-20 09:00:00", "reopened")


def test_disqualification_waits_for_the_end_of_the_deal(outcome: Outcome) -> None:
    """It is applied when the deal is lost; reopening clears it; a customer stays one."""
    assert outcome.stages("dq_lost")[1:] == [
        DEAL,
        ("disqualified", "2026-04-05 09:00:00", "opportunity_lost"),
    ]
    assert outcome.stages("dq_reopened")[1:] == [DEAL, LOST]
    assert outcome.stages("dq_won")[1:] == [
        DEAL,
        ("customer", "2026-04-05 09:00:00", "opportunity_won"),
    ]


# Regressions are counted until somebody reopens the lead.
for lead_id in ("fresh", "worn"):
    SCENARIO.lead(lead_id)
    SCENARIO.status(lead_id, "2026-03-02 09:00:00", "accepted")
    SCENARIO.status(lead_id, "2026-03-03 09:00:00", "regressed", "not_ready")
    SCENARIO.status(lead_id, "2026-03-05 09:00:00", "accepted")
    SCENARIO.status(lead_id, "2026-03-06 09:00:00", "regressed", "contact_later")
SCENARIO.status("fresh", "2026-03-04 09:00:00", "reopened")
SCENARIO.status("worn", "2026-03-10 09:00:00", "accepted")
SCENARIO.status("worn", "2026-03-11 09:00:00", "rejected", "no_need")


def test_reopening_resets_the_regressions(outcome: Outcome) -> None:
    """The second regression is then the first again."""
    assert outcome.lead("fresh")["regressions"] == 1
    assert outcome.stages("fresh")[4] == ("mql", "2026-03-06 09:00:00", "regressed")


def test_second_regression_ends_in_long_term_nurture(outcome: Outcome) -> None:
    """And once two are reached, whatever leads to nurture leads there too."""
    assert outcome.lead("worn")["regressions"] == 2
    assert outcome.stages("worn")[4:] == [
        ("long_term_nurture", "2026-03-06 09:00:00", "regressed"),
        ("sql_accepted", "2026-03-10 09:00:00", "sales_accepted"),
        ("long_term_nurture", "2026-03-11 09:00:00", "sales_rejected"),
    ]


# An opt-out is remembered in stages that belong to sales.
for lead_id in ("opted_out", "opted_out_and_asks"):
    SCENARIO.lead(lead_id)
    SCENARIO.activity(lead_id, "2026-03-02 09:00:00", "demo_request")
    SCENARIO.mail(lead_id, "2026-03-04 09:00:00", "unsubscribed")
    SCENARIO.status(lead_id, "2026-03-05 09:00:00", "rejected", "no_need")
SCENARIO.mail("opted_out", "2026-03-10 09:00:00", "resubscribed")
SCENARIO.activity("opted_out_and_asks", "2026-03-20 09:00:00", "demo_request")


def test_opt_out_is_remembered_until_the_opt_in(outcome: Outcome) -> None:
    """Marketing gets the lead back only in suppressed; sales may have it all the same."""
    proposed = ("sql_proposed", "2026-03-02 09:00:00", "high_intent_action")
    suppressed = ("suppressed", "2026-03-05 09:00:00", "sales_rejected")
    assert outcome.stages("opted_out")[1:] == [
        proposed,
        suppressed,
        ("nurture", "2026-03-10 09:00:00", "opted_in"),
    ]
    assert outcome.stages("opted_out_and_asks")[1:] == [
        proposed,
        suppressed,
        ("sql_proposed", "2026-03-20 09:00:00", "high_intent_action"),
        ("suppressed", "2026-05-19 09:00:00", "sql_unworked"),
    ]


# Thresholds are inclusive lower bounds: 30 to 60 days after the last engagement the multiplier
# is 1, so points can be added up to exactly a bound.
for lead_id, title, clicks, has_reply in (
    ("exactly_71", "CMO", 2, True),
    ("exactly_68", "CMO", 1, True),
    ("exactly_31", "Engineer", 2, False),
    ("exactly_28", "Engineer", 1, False),
):
    SCENARIO.lead(lead_id, job_title=title)
    for click in range(clicks):
        SCENARIO.mail(lead_id, f"2026-08-10 09:0{click}:00", "clicked")
    if has_reply:
        SCENARIO.mail(lead_id, "2026-08-10 09:02:00", "replied")
        SCENARIO.visit(lead_id, "2026-08-10 09:03:00")


@pytest.mark.parametrize(
    ("lead_id", "score", "band"),
    [
        ("exactly_71", 71, "hot"),
        ("exactly_68", 68, "warm"),
        ("exactly_31", 31, "warm"),
        ("exactly_28", 28, "cold"),
    ],
)
def test_bands_begin_at_their_bound(outcome: Outcome, lead_id: str, score: int, band: str) -> None:
    """40 + 3 + 3 + 10 + 15 = 71, and 25 + 3 + 3 = 31."""
    row = outcome.score(lead_id)
    assert (row["score"], row["score_band"]) == (score, band)


# A day is a day of UTC, whatever the zone in which the time arrives.
SCENARIO.lead("two_days")
SCENARIO.visit("two_days", "2026-09-25T23:59:59Z")
SCENARIO.visit("two_days", "2026-09-26 00:00:00")
SCENARIO.lead("one_day")
SCENARIO.visit("one_day", "2026-09-25T23:30:00-02:00")
SCENARIO.visit("one_day", "2026-09-26T23:59:59Z")


def test_points_per_day_go_by_days_of_utc(outcome: Outcome) -> None:
    """A pricing page counts once a day: twice over midnight, once within a day."""
    assert outcome.score("two_days")["behaviour_points_uncapped"] == 30
    assert outcome.score("one_day")["behaviour_points_uncapped"] == 15


# Clicks by machines.
SCENARIO.lead("scanned")
SCENARIO.mail("scanned", "2026-09-25 09:00:00", "delivered")
SCENARIO.mail("scanned", "2026-09-25 09:00:01", "clicked", campaign_id="K2")
SCENARIO.mail("scanned", "2026-09-25 09:00:04.999", "clicked")
SCENARIO.mail("scanned", "2026-09-25 09:00:05", "clicked")
SCENARIO.mail("scanned", "2026-09-25 09:30:00", "clicked", user_agent="Mozilla (SafeLinks)")


def test_clicks_of_scanners_and_bots_are_left_out(outcome: Outcome) -> None:
    """Within five seconds of the delivery of the same campaign, or by the name of the program."""
    assert outcome.score("scanned")["behaviour_points"] == 3 + 3
    counted = {
        (row["source"], row["reason"]): row["events"] for row in outcome.tables["excluded_events"]
    }
    assert counted[("email_events", "scanner")] == 1
    assert counted[("email_events", "bot")] == 1


# Both gates close at the instant from which they count again.
SCENARIO.lead("returned_in_vain", lead_source="Cold Email")
for event_type in ("replied", "replied_interested", "meeting_booked", "meeting_attended"):
    SCENARIO.mail("returned_in_vain", "2026-04-01 09:00:00", event_type, program="cold_outbound")
SCENARIO.status("returned_in_vain", "2026-04-01 10:00:00", "rejected", "bad_data")
SCENARIO.mail("returned_in_vain", "2026-06-30 09:00:00", "clicked", program="cold_outbound")


def test_gates_that_close_together_are_both_closed(outcome: Outcome) -> None:
    """Exactly 90 days after the replies a click begins a new episode: 77 points become 7.5.

    It is also the first engagement after the cooldown. What ends at an instant has ended when
    the gates are looked at then, so no gate hands over a lead with 7.5 points.
    """
    (row,) = outcome.rows(
        "lead_score_history",
        lead_id="returned_in_vain",
        valid_from=normal("2026-06-30 09:00:00"),
    )
    assert row["score"] == 7.5
    assert outcome.stages("returned_in_vain") == [
        FIRST_SEEN,
        ("sql_proposed", "2026-04-01 09:00:00", "high_intent_action"),
        ("nurture", "2026-04-01 10:00:00", "sales_rejected"),
    ]
