"""Which leads a change reaches, and which records are needed to compute them.

All sets are tables of the work schema. A record names a lead by its id, by an address or by a
visitor; leads are one person if one is merged into the other or if they share an address, before
or after the change. So a change of a lead reaches everybody who is or was the same person, and
who gains or loses a visitor by it; a change of an account reaches the leads that it has or had.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lead_qualification.daily_run.session import Session
from lead_qualification.raw_contract import RawTable

TIMES = {
    "leads": ("created_at",),
    "web_events": ("occurred_at",),
    "email_events": ("occurred_at",),
    "marketing_activities": ("occurred_at",),
    "product_events": ("occurred_at",),
    "intent_signals": ("occurred_at",),
    "sales_activities": ("occurred_at",),
    "lead_status_changes": ("changed_at",),
    "qualification_answers": ("answered_at",),
    "opportunities": ("created_at", "closed_at"),
}
"""When a record begins to exist, and when it turns into something else."""

DUE = {
    "int_score_steps": ("valid_from",),
    "int_stage_machine": ("timer_at", "gates_look_at", "sets_cooldown_until"),
    "evaluation_points": ("outcome_due_at",),
}
"""When something of a lead changes without a record."""

OF_LEADS = (
    "sales_activities",
    "lead_status_changes",
    "qualification_answers",
    "opportunities",
)
"""Records that always name their lead by its id."""


class Affected:
    """Works out the sets, one table after the other."""

    def __init__(
        self,
        session: Session,
        tables: dict[str, RawTable],
        changed: set[str],
        model: Callable[[str], str],
        work: str,
        window: tuple[datetime, datetime],
    ) -> None:
        """Prepare.

        Args:
            session: Connection to the warehouse.
            tables: The raw tables by name.
            changed: Names of those with changed keys; ``changed_<name>`` and ``delta_<name>``
                (the newest rows of those keys) are in the work schema.
            model: Gives the table of a model as the last run left it.
            work: The work schema.
            window: The clocks of the last run and of this one.
        """
        self.session = session
        self.tables = tables
        self.changed = changed
        self.model = model
        self.work = work
        self.window = window

    def find(self) -> None:
        """Work out all sets; ``affected``, ``records`` and ``inputs_...`` are what counts."""
        for table in self.tables.values():
            self._new_rows(table)
            self._touched(table)
        self._links()
        self._same_person_seeds()
        self._closure("same_person", "same_person_seeds")
        self._visitors_in_doubt()
        self._seeds()
        self._closure("affected", "seeds")
        self._accounts()
        self._support()
        self._closure("records", "support")
        self._emails()

    def _table(self, name: str, query: str) -> None:
        self.session.create_table(f"{self.work}.{name}", query)

    def _old(self, table: str) -> str:
        return self.model(self.tables[table].staged)

    def _key_hash(self, table: RawTable) -> str:
        return self.session.hash_of(table.record_id)

    def _new_rows(self, table: RawTable) -> None:
        """The view ``new_<name>``: the staged rows as they are now."""
        old = self._old(table.name)
        query = f"select * from {old}"
        if table.name in self.changed:
            query += (
                f" where {self._key_hash(table)} not in "
                f"(select key_hash from {self.work}.changed_{table.name}) "
                f"union all select * from {self.work}.delta_{table.name}"
            )
        self.session.execute(f"create view {self.work}.new_{table.name} as {query}")

    def _touched(self, table: RawTable) -> None:
        """``touched_<name>``: rows that were or are new, and that the clock has come to."""
        begin, end = self.window
        passed = [
            f"({time} > timestamp '{begin}' and {time} <= timestamp '{end}')"
            for time in TIMES.get(table.name, ())
        ]
        query = f"select * from {self.work}.new_{table.name} where {' or '.join(passed) or '1 = 0'}"
        if table.name in self.changed:
            query = (
                f"select * from {self._old(table.name)} where {self._key_hash(table)} in "
                f"(select key_hash from {self.work}.changed_{table.name}) "
                f"union all select * from {self.work}.delta_{table.name} union all {query}"
            )
        self._table(f"touched_{table.name}", query)

    def _links(self) -> None:
        """``links``: lead, address; ``pointers``: merges both ways; ``shared``: one address."""
        delta = ""
        if "leads" in self.changed:
            delta = (
                f" union select lead_id, merged_into_lead_id, email from {self.work}.delta_leads"
            )
        self._table(
            "links",
            f"select lead_id, merged_into_lead_id, email from {self._old('leads')}{delta}",
        )
        self._table(
            "pointers",
            "select links.lead_id as from_lead_id, links.merged_into_lead_id as to_lead_id "
            f"from {self.work}.links as links where links.merged_into_lead_id is not null "
            "union select links.merged_into_lead_id, links.lead_id "
            f"from {self.work}.links as links where links.merged_into_lead_id is not null",
        )
        self._table(
            "shared",
            f"select distinct links.lead_id, links.email from {self.work}.links as links "
            f"where links.email in (select email from {self.work}.links "
            "group by email having min(lead_id) <> max(lead_id))",
        )

    def _closure(self, name: str, seeds: str) -> None:
        """``<name>``: the seeds and everybody who is or was the same person."""
        work = self.work
        self._table(name, f"select distinct lead_id from {work}.{seeds} where lead_id is not null")
        frontier, number = name, 0
        while True:
            number += 1
            step = f"{name}_{number}"
            self._table(
                step,
                f"select to_lead_id as lead_id from {work}.pointers "
                f"where from_lead_id in (select lead_id from {work}.{frontier}) "
                f"and to_lead_id not in (select lead_id from {work}.{name}) "
                f"union select lead_id from {work}.shared "
                f"where email in (select email from {work}.shared "
                f"where lead_id in (select lead_id from {work}.{frontier})) "
                f"and lead_id not in (select lead_id from {work}.{name})",
            )
            if self.session.value(f"select count(*) from {work}.{step}") == 0:
                return
            self.session.execute(f"insert into {work}.{name} select lead_id from {work}.{step}")
            frontier = step

    def _same_person_seeds(self) -> None:
        """Records that may now be somebody else, or have another channel."""
        work = self.work
        self._table(
            "same_person_seeds",
            f"select lead_id from {work}.touched_leads "
            f"union select lead_id from {work}.new_leads where campaign_id in "
            f"(select campaign_id from {work}.touched_campaigns)",
        )

    def _visitors_in_doubt(self) -> None:
        """``doubtful_visitors``: those who may now be somebody else."""
        work = self.work
        identify = "event_name = 'identify' and anonymous_id is not null"
        changed = ""
        if "web_events" in self.changed:
            changed = (
                f" union select anonymous_id, lead_id, email from {work}.delta_web_events "
                f"where {identify}"
            )
        self._table(
            "identifies",
            f"select anonymous_id, lead_id, email from {self._old('web_events')} "
            f"where {identify}{changed}",
        )
        self._table(
            "doubtful_visitors",
            f"select anonymous_id from {work}.touched_web_events where {identify} "
            f"union select anonymous_id from {work}.identifies "
            f"where lead_id in (select lead_id from {work}.same_person) "
            f"or (lead_id is null and email in (select links.email from {work}.links as links "
            f"where links.lead_id in (select lead_id from {work}.same_person)))",
        )

    def _seeds(self) -> None:
        """``seeds``: every lead whose rows may change."""
        work = self.work
        named = [f"select lead_id from {work}.touched_{table}" for table in OF_LEADS]
        named += [
            f"select lead_id from {work}.touched_{table}"
            for table in ("web_events", "marketing_activities")
        ]
        self._table("touched_emails", self._touched_emails())
        self._table(
            "touched_visitors",
            f"select anonymous_id from {work}.touched_web_events "
            "where lead_id is null and email is null and anonymous_id is not null "
            f"union select anonymous_id from {work}.doubtful_visitors",
        )
        self._named_by_visitors("named_by_doubtful", "doubtful_visitors")
        self._changed_accounts()
        self._table(
            "seeds",
            " union ".join(
                [
                    f"select lead_id from {work}.same_person",
                    *named,
                    f"select lead_id from {work}.links "
                    f"where email in (select email from {work}.touched_emails)",
                    f"select lead_id from {self.model('int_anonymous_visitors')} "
                    f"where anonymous_id in (select anonymous_id from {work}.touched_visitors)",
                    f"select lead_id from {work}.named_by_doubtful",
                    f"select lead_id from {work}.of_changed_accounts",
                    *self._reached_by_the_clock(),
                ]
            ),
        )

    def _touched_emails(self) -> str:
        """Addresses by which touched events name their lead."""
        by_address_only = ("email_events", "product_events")
        return " union ".join(
            f"select email from {self.work}.touched_{table} where email is not null"
            + ("" if table in by_address_only else " and lead_id is null")
            for table in ("web_events", "email_events", "marketing_activities", "product_events")
        )

    def _named_by_visitors(self, name: str, visitors: str) -> None:
        """The records that the identify events of some visitors name."""
        work = self.work
        self._table(
            name,
            f"select lead_id from {work}.identifies where lead_id is not null "
            f"and anonymous_id in (select anonymous_id from {work}.{visitors}) "
            f"union select lead_id from {work}.links where email in "
            f"(select email from {work}.identifies where lead_id is null "
            f"and anonymous_id in (select anonymous_id from {work}.{visitors}))",
        )

    def _all_accounts(self) -> str:
        """Accounts as they were and as they are: id and domain."""
        return (
            f"(select account_id, domain from {self._old('accounts')} "
            f"union select account_id, domain from {self.work}.new_accounts) as accounts"
        )

    def _changed_accounts(self) -> None:
        """Accounts whose description, domain or intent changed, and the leads that they have."""
        work = self.work
        self._table(
            "changed_domains",
            f"select domain from {work}.touched_accounts where domain is not null "
            f"union select account_domain from {work}.touched_intent_signals "
            "where account_domain is not null",
        )
        self._table(
            "changed_account_ids",
            f"select account_id from {work}.touched_accounts union select accounts.account_id "
            f"from {self._all_accounts()} where accounts.domain in "
            f"(select domain from {work}.changed_domains)",
        )
        self._table(
            "of_changed_accounts",
            f"select lead_id from {work}.new_leads where account_id in "
            f"(select account_id from {work}.touched_accounts) "
            f"union select lead_id from {self.model('int_leads')} where account_id in "
            f"(select account_id from {work}.changed_account_ids) or email_domain in "
            f"(select domain from {work}.touched_accounts where domain is not null)",
        )

    def _reached_by_the_clock(self) -> list[str]:
        """Leads whose score, stage, cooldown or outcome was due to change since the last run."""
        begin, end = self.window
        return [
            f"select lead_id from {self.model(model)} "
            f"where {time} > timestamp '{begin}' and {time} <= timestamp '{end}'"
            for model, times in DUE.items()
            for time in times
        ]

    def _accounts(self) -> None:
        """``account_ids``: accounts whose intent may count for a lead of this run, or no longer."""
        work = self.work
        self._table(
            "own_accounts",
            f"select account_id from {self.model('int_leads')} "
            f"where lead_id in (select lead_id from {work}.affected) and account_id is not null "
            f"union select account_id from {work}.new_leads "
            f"where lead_id in (select lead_id from {work}.affected) and account_id is not null "
            f"union select account_id from {work}.changed_account_ids "
            f"union select account_id from {work}.new_accounts where domain in "
            f"({self._email_domains('affected')})",
        )
        self._table("account_ids", self._with_siblings("own_accounts"))

    def _email_domains(self, leads: str) -> str:
        """The domains of the addresses of some leads."""
        return (
            "select regexp_replace(regexp_replace(email, '^.*@', ''), '^www[.]', '') "
            f"from {self.work}.new_leads where email is not null "
            f"and lead_id in (select lead_id from {self.work}.{leads})"
        )

    def _with_siblings(self, accounts: str) -> str:
        """Accounts and those that claim the same domain."""
        return (
            f"select account_id from {self.work}.{accounts} union select accounts.account_id "
            f"from {self._all_accounts()} where accounts.domain in (select domain from "
            f"{self._all_accounts()} where domain is not null and account_id in "
            f"(select account_id from {self.work}.{accounts}))"
        )

    def _support(self) -> None:
        """``support``: leads that decide who a visitor is, or whether an account has leads."""
        work = self.work
        self._table(
            "own_visitors",
            f"select anonymous_id from {work}.doubtful_visitors union select anonymous_id "
            f"from {self.model('int_anonymous_visitors')} "
            f"where lead_id in (select lead_id from {work}.affected)",
        )
        self._table(
            "visitors",
            f"select anonymous_id from {work}.own_visitors "
            f"union select anonymous_id from {work}.touched_visitors "
            f"union select anonymous_id from {work}.touched_web_events "
            "where anonymous_id is not null",
        )
        self._named_by_visitors("named_by_visitors", "visitors")
        self._table(
            "support",
            f"select lead_id from {work}.affected "
            f"union select lead_id from {work}.named_by_visitors "
            f"union select min(lead_id) from {self.model('int_leads')} where account_id in "
            f"(select account_id from {work}.account_ids) "
            f"and lead_id not in (select lead_id from {work}.affected) group by account_id",
        )

    def _emails(self) -> None:
        """``emails``: addresses of the leads of this run and of touched events of nobody."""
        work = self.work
        self._table(
            "emails",
            f"select email from {work}.links where email is not null "
            f"and lead_id in (select lead_id from {work}.affected) "
            f"union select email from {work}.touched_emails",
        )
        self._table(
            "record_emails",
            f"select distinct email from {work}.links where email is not null "
            f"and lead_id in (select lead_id from {work}.records)",
        )

    def inputs(self) -> dict[str, str]:
        """Return by raw table the query for the staged rows that this run computes from."""
        work = self.work
        by_lead = f"lead_id in (select lead_id from {work}.affected)"
        by_email = f"email in (select email from {work}.emails)"
        visitor = f"select anonymous_id from {work}"
        conditions = {
            "leads": f"lead_id in (select lead_id from {work}.records)",
            "web_events": f"{by_lead} or (lead_id is null and {by_email}) or (lead_id is null "
            f"and email is null and anonymous_id in ({visitor}.own_visitors)) or "
            f"(event_name = 'identify' and anonymous_id in ({visitor}.visitors))",
            "email_events": by_email,
            "marketing_activities": f"{by_lead} or (lead_id is null and {by_email})",
            "product_events": by_email,
            "intent_signals": "account_domain in (select accounts.domain from "
            f"{self._all_accounts()} where accounts.account_id in "
            f"(select account_id from {work}.account_ids))",
        }
        conditions |= dict.fromkeys(OF_LEADS, by_lead)
        found = {
            name: f"select * from {work}.new_{name} where {condition} "
            f"or {self._key_hash(self.tables[name])} in "
            f"(select {self._key_hash(self.tables[name])} from {work}.touched_{name})"
            for name, condition in conditions.items()
        }
        found["accounts"] = self._account_inputs()
        rest = self.tables.keys() - found.keys()
        return found | {name: f"select * from {work}.new_{name}" for name in rest}

    def _account_inputs(self) -> str:
        """The accounts that a lead of this run may belong to."""
        work = self.work
        self._table(
            "slice_accounts",
            f"select account_id from {work}.account_ids union select account_id "
            f"from {work}.new_leads where lead_id in (select lead_id from {work}.records) "
            f"union select account_id from {work}.new_accounts "
            f"where domain in ({self._email_domains('records')})",
        )
        return (
            f"select * from {work}.new_accounts where account_id in "
            f"(select account_id from {work}.slice_accounts)"
        )
