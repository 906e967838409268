"""How do the facts look in the raw tables of the contract?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lead_qualification.raw_contract import raw_tables

from . import activities as acts
from . import (
    attempts,
    catalog,
    cells,
    company,
    crm,
    deals,
    effects,
    emails,
    intent,
    people,
    sales,
    web,
)
from .addresses import addresses, company_names
from .businesses import Business
from .draw import MISSING, Ints, pick, shares, stream
from .landing import landed
from .world import World

NOT_A_TIME = "not a time"
SHARE_WITH_CONTACTS = 0.4
CONTACT_ROLES = ("Decision maker", "Champion", "Economic buyer")


class Writer:
    """Turns a world into text tables; holds the names that several tables share."""

    def __init__(self, world: World) -> None:
        """Prepare the company names and domains of the world."""
        self.world = world
        names = world.accounts["name"].to_numpy()
        self.company_names = company_names(names, " ", "")
        self.domains = pc.utf8_lower(company_names(names, "-", ".example"))
        created_order = np.argsort(world.records["created"].to_numpy(), kind="stable")
        self.lead_numbers = np.empty(len(created_order), np.int64)
        self.lead_numbers[created_order] = np.arange(1, len(created_order) + 1)
        self.addresses = addresses(world.people, world.records, world.seed, self.domains)

    def lead_ids(self, record: Ints) -> pa.Array:
        """Lead ids of records (row numbers, -1 none)."""
        numbers = np.where(np.asarray(record) < 0, -1, self.lead_numbers[record])
        return cells.ids("L", numbers, 6)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The raw tables, every cell text or missing; nobody has filled the fields of the sync."""
        text_type = pd.StringDtype("pyarrow")
        frames = {}
        for name, contract in raw_tables().items():
            content = getattr(self, f"_{name}")()
            nothing = pa.nulls(len(content[contract.key[0]]), pa.string())
            table = pa.table({column: content.get(column, nothing) for column in contract.names})
            frames[name] = table.to_pandas(types_mapper={pa.string(): text_type}.get)
        return frames

    def _attribute_changes(self) -> dict[str, pa.Array]:
        """No rows: what a generated world says of its leads and accounts never changes."""
        return {"change_id": pa.nulls(0, pa.string())}

    def _leads(self) -> dict[str, pa.Array]:
        world = self.world
        rng = stream(world.seed, "table_leads")
        facts = crm.lead_facts(rng, world)
        rows = landed(rng, facts.assign(at=facts["created"]), 2, world.clock, has_received=False)
        rows = crm.older_versions(rng, rows)
        record, flaw = rows["record"].to_numpy(), rows["flaw"].to_numpy()
        ids = pc.if_else(
            pa.array(flaw > 0), cells.ids("L9", rows["number"], 6), self.lead_ids(record)
        )
        address = cells.named(record, self.addresses)
        account = np.where(rows["has_account_id"], rows["account"], -1)
        company_name = cells.named(rows["account"], self.company_names)
        numbers = pc.utf8_lpad(pc.cast(pa.array(record % 100), pa.string()), 2, "0")
        has_phone = np.isin(rows["phone"], [0, 1, 2])
        valid = cells.flags(rng, rows["phone"] == 0)
        return {
            "lead_id": cells.replaced(ids, flaw == 2, None),
            "email": address,
            "first_name": cells.named(rows["first"], catalog.FIRST_NAMES),
            "last_name": cells.named(rows["last"], catalog.LAST_NAMES),
            "job_title": cells.named(rows["title"], people.TITLES),
            "phone": cells.where(has_phone, cells.joined("+1-555-01", numbers)),
            "phone_is_valid": cells.where(np.isin(rows["phone"], [0, 2]), valid),
            "email_status": cells.named(rows["email_status"], tuple(effects.EMAIL_STATUS)),
            "account_id": cells.ids("ACC-", _one_based(account), 5),
            "company_name": company_name,
            "country": cells.named(rows["own_country"], company.COUNTRY_CODES),
            "lead_source": _source_text(rng, rows["source"].to_numpy(), world.business),
            "campaign_id": cells.ids("CMP-", _one_based(rows["campaign"]), 3),
            "owner_id": cells.ids("REP-", _one_based(rows["owner"]), 3),
            "crm_lifecycle_stage": cells.named(rows["crm_stage"], crm.STAGES),
            "crm_lead_score": cells.numbers(rows["crm_score"]),
            "crm_lead_grade": cells.named(rows["crm_grade"], crm.GRADES),
            "merged_into_lead_id": self.lead_ids(rows["merged_into"].to_numpy()),
            "is_deleted": cells.flags(rng, rows["is_deleted"]),
            "created_at": cells.replaced(cells.times(rng, rows["created"]), flaw == 1, NOT_A_TIME),
            "updated_at": cells.times(rng, rows["updated"]),
        }

    def _accounts(self) -> dict[str, pa.Array]:
        rows = self.world.accounts
        if not self.world.business.sells_to_companies:
            rows = rows.iloc[:0]
        rng = stream(self.world.seed, "table_accounts")
        size = len(rows)
        number = np.arange(size)
        # two accounts share the domain of the one before them, where there are enough
        owner = number.copy()
        if size >= 40:
            owner[[size // 3, size // 2]] -= 1
        www = rng.random(size) < 0.04
        domain = cells.named(np.where(rows["has_domain"], owner, -1), self.domains)
        domain = pc.if_else(pa.array(www), cells.joined("WWW.", domain), domain)
        text = {
            "account_id": cells.ids("ACC-", number + 1, 5),
            "name": self.company_names[:size],
            "domain": domain,
            "industry": cells.spelt(
                rng, cells.named(rows["industry"], company.INDUSTRY_NAMES), 0.03
            ),
            "employee_count": cells.numbers(rows["employees"]),
            "annual_revenue": cells.numbers(rows["revenue"]),
            "country": cells.named(rows["country"], company.COUNTRY_CODES),
            "status": cells.spelt(rng, cells.named(rows["status"], company.STATUS_NAMES), 0.02),
            "is_competitor": cells.flags(rng, rows["is_competitor"]),
            "is_target_account": cells.flags(rng, rows["is_target"]),
            "updated_at": cells.times(rng, rows["updated"]),
        }
        if size >= 100:  # one row without a key
            text = {column: cells.appended(cell, cell[:1]) for column, cell in text.items()}
            text["account_id"] = cells.replaced(
                text["account_id"], np.arange(size + 1) == size, None
            )
        return text

    def _web_events(self) -> dict[str, pa.Array]:
        world = self.world
        rng = stream(world.seed, "table_web_events")
        rows = landed(rng, world.web, 2, world.clock, has_received=True)
        size = len(rows)
        person, by = rows["person"].to_numpy(), rows["by"].to_numpy()
        record = np.where(person < 0, -1, self._record(rng, person, rows["at"].to_numpy()))
        by_lead = np.isin(by, [web.BY_LEAD, web.BY_BOTH]) & (person >= 0)
        by_email = np.isin(by, [web.BY_EMAIL, web.BY_BOTH]) & (person >= 0)
        visitor = person * 2 + rows["device"].to_numpy()
        strange = 2 * len(world.people) + rows["session"].to_numpy() + 1
        visitor = np.where(person < 0, strange, visitor)
        has_cookie = (rows["name"] == 1) | ~by_lead | (rng.random(size) < 0.9)
        path = cells.named(rows["path"], world.business.called(web.PATHS))
        flaw = rows["flaw"].to_numpy()
        name = cells.named(rows["name"], web.WEB_EVENTS)
        email = cells.spelt(rng, cells.named(np.where(by_email, record, -1), self.addresses), 0.04)
        return {
            "event_id": cells.replaced(cells.ids("W", rows["number"], 7), flaw == 2, None),
            "anonymous_id": cells.where(has_cookie, cells.ids("v", visitor + 1, 6)),
            "lead_id": self.lead_ids(np.where(by_lead, record, -1)),
            "email": email,
            "session_id": cells.ids("S", rows["session"].to_numpy(), 6),
            "event_name": name,
            "page_url": cells.joined(catalog.VENDOR_SITE, path),
            "page_path": path,
            "user_agent": cells.named(rows["agent"], web.USER_AGENTS),
            **self._event_times(rng, rows),
        }

    def _email_events(self) -> dict[str, pa.Array]:
        world = self.world
        rng = stream(world.seed, "table_email_events")
        rows = landed(rng, world.emails, 4, world.clock, has_received=True)
        flaw, at = rows["flaw"].to_numpy(), rows["at"].to_numpy()
        record = self._record(rng, rows["person"].to_numpy(), at)
        campaign = company.campaign_at(rows["kind"].to_numpy(), at, world.campaigns)
        clicked = rows["type"] == emails.EVENT_CODES["clicked"]
        link = np.where(clicked, rng.integers(0, len(emails.LINKS), len(rows)), -1)
        links = [catalog.VENDOR_SITE + path for path in emails.LINKS]
        program = cells.named(rows["program"], emails.PROGRAMS)
        program = cells.replaced(program, flaw == 3, "transactional")
        program = cells.replaced(program, flaw == 4, None)
        return {
            "event_id": cells.replaced(cells.ids("E", rows["number"], 7), flaw == 2, None),
            "email": cells.spelt(rng, cells.named(record, self.addresses), 0.03),
            "campaign_id": cells.ids("CMP-", _one_based(campaign), 3),
            "program": program,
            "event_type": cells.spelt(rng, cells.named(rows["type"], emails.EMAIL_EVENTS), 0.01),
            "link_url": cells.named(link, links),
            "user_agent": cells.named(rows["agent"], emails.USER_AGENTS),
            **self._event_times(rng, rows),
        }

    def _marketing_activities(self) -> dict[str, pa.Array]:
        world = self.world
        rng = stream(world.seed, "table_marketing_activities")
        facts = world.activities.assign(asset=acts.assets(rng, world.activities["type"].to_numpy()))
        rows = landed(rng, facts, 3, world.clock, has_received=True)
        flaw, at = rows["flaw"].to_numpy(), rows["at"].to_numpy()
        record = self._record(rng, rows["person"].to_numpy(), at)
        by = pick(rng, len(rows), np.array([0.6, 0.3, 0.1]))
        kind = _activity_kinds()[rows["type"]]
        kind = np.where(rng.random(len(rows)) < 0.5, kind, -1)
        campaign = company.campaign_at(kind, at, world.campaigns)
        names = world.business.called(acts.ACTIVITY_TYPES)
        type_ = cells.replaced(cells.named(rows["type"], names), flaw == 3, None)
        return {
            "activity_id": cells.replaced(cells.ids("M", rows["number"], 6), flaw == 2, None),
            "lead_id": self.lead_ids(np.where(by != 1, record, -1)),
            "email": cells.named(np.where(by != 0, record, -1), self.addresses),
            "activity_type": type_,
            "asset": cells.named(rows["asset"], world.business.called(acts.ASSET_NAMES)),
            "campaign_id": cells.ids("CMP-", _one_based(campaign), 3),
            **self._event_times(rng, rows),
        }

    def _product_events(self) -> dict[str, pa.Array]:
        world = self.world
        rng = stream(world.seed, "table_product_events")
        rows = landed(rng, world.product, 1, world.clock, has_received=True)
        person = rows["person"].to_numpy()
        record = self._record(rng, person, rows["at"].to_numpy())
        account = world.people["account"].to_numpy()[person]
        account = np.where(rng.random(len(rows)) < 0.6, account, -1)
        return {
            "event_id": cells.ids("P", rows["number"], 6),
            "email": cells.spelt(rng, cells.named(record, self.addresses), 0.03),
            "account_id": cells.ids("ACC-", _one_based(account), 5),
            "event_name": cells.named(rows["type"], acts.PRODUCT_EVENTS),
            **self._event_times(rng, rows),
        }

    def _intent_signals(self) -> dict[str, pa.Array]:
        world = self.world
        rng = stream(world.seed, "table_intent_signals")
        rows = landed(rng, world.intent, 2, world.clock, has_received=True)
        account, spelling = rows["account"].to_numpy(), rows["spelling"].to_numpy()
        domain = cells.named(account, self.domains)
        domain = pc.if_else(pa.array(spelling == 1), pc.utf8_upper(domain), domain)
        domain = pc.if_else(pa.array(spelling == 2), cells.joined("www.", domain), domain)
        elsewhere = cells.ids("elsewhere-", rows["number"].to_numpy() % 40, 2)
        elsewhere = cells.joined(elsewhere, ".example")
        first = {
            "signal_id": cells.replaced(cells.ids("I", rows["number"], 6), rows["flaw"] == 2, None),
            "provider": cells.named(rows["provider"], catalog.INTENT_PROVIDERS),
            "account_domain": pc.if_else(pa.array(account < 0), elsewhere, domain),
            "signal_type": cells.named(rows["type"], intent.INTENT_TYPES),
            "topic": cells.named(rows["topic"], catalog.INTENT_TOPICS),
            "email": pa.nulls(len(rows), pa.string()),
            **self._event_times(rng, rows),
        }
        return _one_after_the_other(first, self._partner_lists(_last(rows)))

    def _partner_lists(self, rows_before: int) -> dict[str, pa.Array]:
        """Second-party intent: who was at the event of a partner, some without an address."""
        world = self.world
        rng = stream(world.seed, "table_partner_lists")
        rows = landed(rng, world.partner_lists, 0, world.clock, has_received=True)
        person = rows["person"].to_numpy()
        nobody = np.zeros(len(rows), int)
        return {
            "signal_id": cells.ids("I", rows["number"] + rows_before, 6),
            "provider": cells.named(nobody, catalog.INTENT_PROVIDERS[-1:]),
            "account_domain": cells.named(world.people["account"].to_numpy()[person], self.domains),
            "signal_type": cells.named(nobody, (catalog.PARTNER_LIST,)),
            "topic": cells.named(rows["topic"], catalog.INTENT_TOPICS),
            "email": cells.named(np.where(rows["has_email"], person, -1), self.addresses),
            **self._event_times(rng, rows),
        }

    def _sales_activities(self) -> dict[str, pa.Array]:
        rng = stream(self.world.seed, "table_sales_activities")
        rows = landed(rng, self.world.sales.activities, 2, self.world.clock, has_received=False)
        flaw = rows["flaw"].to_numpy()
        type_ = cells.named(rows["type"], attempts.ACTIVITY_TYPES)
        return {
            "activity_id": cells.ids("X", rows["number"], 6),
            "lead_id": self._lead_of(rng, rows),
            "rep_id": cells.ids("REP-", _one_based(rows["rep"]), 3),
            "activity_type": cells.replaced(type_, flaw == 2, "carrier pigeon"),
            "outcome": cells.named(rows["outcome"], attempts.OUTCOMES),
            "occurred_at": self._time(rng, rows, "at"),
        }

    def _lead_status_changes(self) -> dict[str, pa.Array]:
        rng = stream(self.world.seed, "table_lead_status_changes")
        rows = landed(rng, self.world.sales.statuses, 2, self.world.clock, has_received=False)
        status = cells.spelt(rng, cells.named(rows["status"], sales.STATUSES), 0.02)
        first = {
            "change_id": cells.ids("C", rows["number"], 6),
            "lead_id": self._lead_of(rng, rows),
            "status": cells.replaced(status, rows["flaw"] == 2, "on_hold"),
            "reason_code": cells.named(rows["reason"], sales.REASONS),
            "rep_id": cells.ids("REP-", _one_based(rows["rep"]), 3),
            "changed_at": self._time(rng, rows, "at"),
        }
        return _one_after_the_other(first, self._handed_over(_last(rows)))

    def _handed_over(self, rows_before: int) -> dict[str, pa.Array]:
        """The hand-offs that the CRM recorded, as status changes without a reason or a rep."""
        rng = stream(self.world.seed, "table_handed_over")
        rows = landed(rng, self.world.handed_over, 0, self.world.clock, has_received=False)
        nothing = pa.nulls(len(rows), pa.string())
        return {
            "change_id": cells.ids("C", rows["number"] + rows_before, 6),
            "lead_id": self._lead_of(rng, rows),
            "status": cells.named(np.zeros(len(rows), int), (sales.HANDED_OVER,)),
            "reason_code": nothing,
            "rep_id": nothing,
            "changed_at": self._time(rng, rows, "at"),
        }

    def _qualification_answers(self) -> dict[str, pa.Array]:
        rng = stream(self.world.seed, "table_qualification_answers")
        rows = landed(rng, self.world.sales.answers, 2, self.world.clock, has_received=False)
        answer = cells.named(rows["answer"], deals.ANSWERS)
        detail = rng.integers(0, len(catalog.ANSWER_DETAILS), len(rows))
        return {
            "answer_id": cells.ids("Q", rows["number"], 6),
            "lead_id": self._lead_of(rng, rows),
            "framework": cells.named(rows["criterion"], [pair[0] for pair in deals.CRITERIA]),
            "criterion": cells.named(rows["criterion"], [pair[1] for pair in deals.CRITERIA]),
            "answer": cells.replaced(answer, rows["flaw"] == 2, "perhaps"),
            "detail": cells.named(detail, catalog.ANSWER_DETAILS),
            "answered_at": self._time(rng, rows, "at"),
        }

    def _opportunities(self) -> dict[str, pa.Array]:
        world = self.world
        rng = stream(world.seed, "table_opportunities")
        rows = landed(rng, world.sales.opportunities, 2, world.clock, has_received=False)
        flaw = rows["flaw"].to_numpy()
        person = rows["person"].to_numpy()
        account = world.people["account"].to_numpy()[person]
        closed = np.where(flaw == 2, rows["at"] - 86_400, rows["closed"])
        known = (closed != MISSING) & (rows["is_won"] | (rng.random(len(rows)) > 0.04))
        name = pc.fill_null(cells.named(account, self.company_names), "New customer")
        amount = pc.cast(pa.array(rows["amount"].to_numpy().astype(np.int64)), pa.string())
        return {
            "opportunity_id": cells.ids("O", rows["number"], 5),
            "lead_id": self._lead_of(rng, rows),
            "account_id": cells.ids("ACC-", _one_based(account), 5),
            "name": cells.joined(name, *world.business.called((" annual plan",))),
            "amount": cells.replaced(amount, flaw == 1, "-5000"),
            "created_at": cells.times(rng, rows["at"]),
            "closed_at": cells.times(rng, closed),
            "is_won": cells.where(known, cells.flags(rng, rows["is_won"])),
            "lost_reason": self._lost_reasons(rows),
        }

    def _lost_reasons(self, rows: pd.DataFrame) -> pa.Array:
        """What the CRM says of why a deal was lost, the same for rows of the same deal."""
        rng = stream(self.world.seed, "lost_reasons")
        reason = pick(rng, len(rows) + 1, shares(catalog.LOST_REASONS))
        lost = (rows["closed"] != MISSING) & ~rows["is_won"]
        return cells.named(np.where(lost, reason[rows["number"]], -1), tuple(catalog.LOST_REASONS))

    def _opportunity_contacts(self) -> dict[str, pa.Array]:
        """The lead of a deal as its primary contact, as a CRM lists it for some of the deals."""
        rng = stream(self.world.seed, "table_opportunity_contacts")
        deals = self._opportunities()
        keys = ["opportunity_id", "lead_id"]
        rows = pa.table({name: deals[name] for name in keys}).to_pandas()
        rows = rows.dropna().drop_duplicates("opportunity_id")
        rows = rows[rng.random(len(rows)) < SHARE_WITH_CONTACTS].reset_index(drop=True)
        role = rng.integers(0, len(CONTACT_ROLES), len(rows))
        return {
            **{name: pa.array(rows[name], pa.string()) for name in keys},
            "role": cells.named(role, CONTACT_ROLES),
            "is_primary": cells.flags(rng, np.ones(len(rows), bool)),
        }

    def _campaigns(self) -> dict[str, pa.Array]:
        rows = self.world.campaigns
        kind = rows["kind"].to_numpy()
        quarter = rows["quarter"].to_numpy()
        label = [f" {number // 4} Q{number % 4 + 1}" for number in quarter]
        names = [item[2] for item in catalog.CAMPAIGN_KINDS]
        return {
            "campaign_id": cells.ids("CMP-", np.arange(1, len(rows) + 1), 3),
            "name": cells.joined(cells.named(kind, names), pa.array(label)),
            "channel": cells.named(kind, [item[1] for item in catalog.CAMPAIGN_KINDS]),
            "starts_on": pa.array(rows["starts"].dt.strftime("%Y-%m-%d").to_list()),
            "ends_on": pa.array(rows["ends"].dt.strftime("%Y-%m-%d").to_list()),
        }

    def _campaign_costs(self) -> dict[str, pa.Array]:
        rows = self.world.campaign_costs
        return {
            "campaign_id": cells.ids("CMP-", _one_based(rows["campaign"]), 3),
            "cost_date": pa.array(rows["on"].dt.strftime("%Y-%m-%d").to_list()),
            "cost": cells.numbers(rows["cost"], decimals=2),
        }

    def _sales_reps(self) -> dict[str, pa.Array]:
        rows = self.world.reps
        rng = stream(self.world.seed, "table_sales_reps")
        first = cells.named(rows["first"], catalog.FIRST_NAMES)
        return {
            "rep_id": cells.ids("REP-", np.arange(1, len(rows) + 1), 3),
            "name": cells.joined(first, " ", cells.named(rows["last"], catalog.LAST_NAMES)),
            "territory": cells.named(rows["territory"], tuple(catalog.TERRITORIES)),
            "segment": cells.named(rows["segment"], deals.SEGMENTS),
            "is_active": cells.flags(rng, rows["is_active"]),
        }

    def _record(self, rng: np.random.Generator, person: Ints, at: Ints) -> Ints:
        return people.record_of(rng, person, at, self.world.records)

    def _lead_of(self, rng: np.random.Generator, rows: pd.DataFrame) -> pa.Array:
        return self.lead_ids(self._record(rng, rows["person"].to_numpy(), rows["at"].to_numpy()))

    def _time(self, rng: np.random.Generator, rows: pd.DataFrame, column: str) -> pa.Array:
        text = cells.times(rng, rows[column].to_numpy())
        return cells.replaced(text, rows["flaw"] == 1, NOT_A_TIME)

    def _event_times(self, rng: np.random.Generator, rows: pd.DataFrame) -> dict[str, pa.Array]:
        return {
            "occurred_at": self._time(rng, rows, "at"),
            "received_at": cells.times(rng, rows["received"].to_numpy()),
        }


def _last(rows: pd.DataFrame) -> int:
    """The highest number of landed rows; 0 without any."""
    return int(rows["number"].max()) if len(rows) else 0


def _one_after_the_other(
    first: dict[str, pa.Array], second: dict[str, pa.Array]
) -> dict[str, pa.Array]:
    """The rows of two tables with the same columns."""
    return {column: cells.appended(cell, second[column]) for column, cell in first.items()}


def _one_based(codes: Ints | pd.Series) -> Ints:
    """Codes from 1 instead of 0, with -1 left alone."""
    codes = np.asarray(codes)
    return np.where(codes < 0, -1, codes + 1)


def _source_text(rng: np.random.Generator, source: Ints, business: Business) -> pa.Array:
    """Lead sources as people and tools write them."""
    text = cells.named(source, business.called(people.SOURCE_NAMES))
    style = pick(rng, len(source), np.array([0.55, 0.15, 0.12, 0.06, 0.06, 0.06]))
    variants = (
        pc.replace_substring(pc.utf8_lower(text), " ", "_"),
        pc.utf8_lower(text),
        pc.utf8_upper(text),
        pc.replace_substring(text, " ", "-"),
        cells.joined(" ", pc.replace_substring(text, " ", "  "), " "),
    )
    for position, variant in enumerate(variants, start=1):
        text = pc.if_else(pa.array(style == position), variant, text)
    return text


def _activity_kinds() -> Ints:
    """The kind of campaign that each activity type belongs to, -1 none."""
    of_type = {
        "webinar_attendance": "webinar",
        "event_attendance": "expo",
        "content_download": "content",
        "newsletter_signup": "newsletter",
        "form_submit": "search",
        "referral": "referral",
        "demo_request": "search",
        "social_follow": "social",
    }
    return np.array(
        [
            company.CAMPAIGN_KEYS.index(of_type[name]) if name in of_type else -1
            for name in acts.ACTIVITY_TYPES
        ]
    )
