"""A seeded generator of a business software company's raw tables.

Nothing in it is real: people, companies and events are drawn from lists and distributions.
`effects` holds every effect size. The order of the questions:

company (accounts, reps, campaigns) -> people -> activities, product, e-mails, web, intent
-> handoff (when sales is told) -> attempts, sales, deals -> crm, landing, tables (how it arrives).
`planted` changes signals and deals where a test asks for known effects.
"""

from __future__ import annotations

import pandas as pd

from . import activities as acts
from . import company, effects, emails, handoff, intent, people, sales, shop, web
from . import planted as plant
from .businesses import BUSINESSES, SOFTWARE, Business
from .clock import Clock
from .draw import stream
from .planted import Planted
from .tables import Writer
from .world import World

ROUNDS_OF_SALES = 3

__all__ = ["BUSINESSES", "Business", "Planted", "generate"]


def generate(
    leads: int,
    seed: int,
    as_of: str | pd.Timestamp,
    months: int,
    events: int | None = None,
    planted: Planted | None = None,
    business: Business = SOFTWARE,
) -> dict[str, pd.DataFrame]:
    """The raw tables, in the columns of the raw contract, every cell text or missing.

    leads: number of people; there are some five percent more CRM records. as_of: the "now" of
    the timeline of `months` months; the extract ran some hours later. events: approximate
    number of rows over the five event tables; default: `effects.EVENTS_PER_LEAD` per lead.
    planted: effects to plant, for tests that must find them; none: the company as it is.
    business: what kind of company it is.
    """
    return Writer(simulate(leads, seed, as_of, months, events, planted, business)).tables()


def simulate(
    leads: int,
    seed: int,
    as_of: str | pd.Timestamp,
    months: int,
    events: int | None = None,
    planted: Planted | None = None,
    business: Business = SOFTWARE,
) -> World:
    """Everything that happens in the generated company, as numbers and codes."""
    clock = Clock.of(as_of, months)
    accounts = company.accounts(leads, seed, clock)
    reps = company.reps(leads, seed)
    campaigns = company.campaigns(seed, clock)
    crowd = people.people(leads, accounts, campaigns, seed, clock, business)
    activity_rows = acts.activities(crowd, seed, clock, business.trial_factor)
    product_rows = acts.product_events(crowd, activity_rows, seed, clock)
    cold_rows = emails.cold_emails(crowd, seed, clock)
    identify_rows = web.identify_events(crowd, seed, clock)
    planned = sum(map(len, (activity_rows, product_rows, cold_rows, identify_rows)))
    rest = max((events or leads * effects.EVENTS_PER_LEAD) - planned, 0)
    web_rows = _web_rows(crowd, identify_rows, int(rest * effects.WEB_SHARE), seed, clock)
    sends = int(rest * effects.EMAIL_SHARE / emails.rows_per_send())
    marketing_rows = emails.marketing_emails(crowd, sends, seed, clock)
    email_rows = pd.concat([cold_rows, marketing_rows], ignore_index=True)
    intent_share = effects.INTENT_SHARE if business.sells_to_companies else 0.0
    signals = intent.intent_signals(accounts, int(rest * intent_share), seed, clock)
    if planted is not None:
        marks = plant.marks(crowd, web_rows, email_rows, activity_rows, product_rows, seed)
        activity_rows = plant.replanted(activity_rows, marks, planted, seed, clock)
    queue, later = handoff.hand_offs(
        crowd, web_rows, email_rows, activity_rows, product_rows, signals, seed, clock
    )
    sales_facts, asked_again = _rounds(queue, later, crowd, reps, seed, clock)
    if planted is not None:
        sales_facts = plant.sales_facts(sales_facts, crowd, marks, planted, seed, clock)
    activity_rows = pd.concat([activity_rows, asked_again], ignore_index=True)
    if business.has_shop:
        shop_rows = shop.shop_events(crowd, activity_rows, seed, clock)
        web_rows = pd.concat([web_rows, shop_rows], ignore_index=True)
        activity_rows = shop.without_asks(activity_rows)
    return World(
        seed=seed,
        clock=clock,
        business=business,
        accounts=accounts,
        reps=reps,
        campaigns=campaigns,
        campaign_costs=company.campaign_costs(campaigns, seed, clock),
        people=crowd,
        records=people.records(crowd, seed, clock),
        activities=activity_rows,
        product=product_rows,
        web=web_rows,
        emails=email_rows,
        intent=signals,
        sales=sales.deals_of_size(sales_facts, business),
        handed_over=sales.handed_over(queue if planted is None else queue.iloc[:0], seed),
        partner_lists=intent.partner_lists(crowd, seed, clock),
    )


def _web_rows(
    crowd: pd.DataFrame, identify_rows: pd.DataFrame, rows: int, seed: int, clock: Clock
) -> pd.DataFrame:
    """About `rows` visits and bot visits, and the identify events."""
    visits = int(rows / web.rows_per_session() / (1 + effects.BOT_VISITS))
    pages = web.page_events(web.sessions(crowd, visits, seed, clock), crowd, seed)
    bots = web.bot_visits(pages, seed)
    everything = pd.concat([pages, bots, identify_rows], ignore_index=True)
    return everything[everything["at"] <= clock.landed].reset_index(drop=True)


def _rounds(
    queue: pd.DataFrame,
    later: pd.DataFrame,
    crowd: pd.DataFrame,
    reps: pd.DataFrame,
    seed: int,
    clock: Clock,
) -> tuple[sales.SalesFacts, pd.DataFrame]:
    """Sales facts of all rounds, and the requests of the leads that came back."""
    rounds, requests = [], []
    for number in range(ROUNDS_OF_SALES):
        rounds.append(sales.work(queue, crowd, reps, seed, clock, number))
        if number + 1 < ROUNDS_OF_SALES:
            asking = sales.comebacks(rounds[-1].ended, seed, clock, number)
            types = acts.ask_types(stream(seed, f"requests_{number}"), len(asking))
            requests.append(asking[["person", "at"]].assign(type=types))
            queue = sales.next_queue(rounds[-1].ended, asking, later)
    facts = sales.SalesFacts.joined(rounds)
    marks = sales.marketing_marks(crowd, seed, clock)
    facts.statuses = pd.concat([facts.statuses, marks], ignore_index=True)
    return facts, pd.concat(requests, ignore_index=True)
