"""Which kinds of companies can be generated, and which motion does each sell by?

Every kind is the software company with other words and a few other habits: what sales is asked
for is a checkout in a shop and a consultation in healthcare.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import effects


@dataclass(frozen=True)
class Business:
    """A kind of company.

    Attributes:
        description: What it sells, and to whom.
        assignment: The rows of `model_assignment.csv` that its motion asks for, in their order.
        words: What paths, assets, activities and sources of the software company are called here.
        channel_mix: Shares of its leads by channel; they add up to 1.
        trial_factor: How many times as many leads try the product out; 0: there is none.
        has_shop: Whether leads buy in a shop, with cart and checkout.
        sells_to_companies: Whether leads belong to companies, and sales asks about budgets.
        interest: Added to the hidden interest of every lead: buying in a shop takes less of it.
        amount_factor, cycle_factor: Values and lengths of deals, relative to the software company.
    """

    description: str
    assignment: tuple[dict[str, str], ...]
    words: dict[str, str] = field(default_factory=dict)
    channel_mix: dict[str, float] = field(default_factory=lambda: effects.CHANNEL_MIX)
    trial_factor: float = 1.0
    has_shop: bool = False
    sells_to_companies: bool = True
    interest: float = 0.0
    amount_factor: float = 1.0
    cycle_factor: float = 1.0

    def called(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names as this kind of company has them."""
        return tuple(self.words.get(name, name) for name in names)


def _pair(model: str, profile: str, description: str, **conditions: str) -> dict[str, str]:
    """A rule of the main track, or of the one that it names."""
    rule = {"track": "main", "scoring_model": model, "profile": profile}
    return {**rule, "description": description, **conditions}


COLD = _pair("cold_email", "cold_outbound", "Leads that we approached first", motion="outbound")
INBOUND = _pair("guide", "standard", "Leads that came to us")
COLD_THAT_CAME = _pair(
    "guide",
    "standard",
    "Leads that we approached first and that came to us since",
    track="second",
    motion="outbound",
    has_inbound_interest="true",
)

NO_PRODUCT = {"Demo Request": "Website", "Free Trial": "Direct"}
SHOP = {
    **NO_PRODUCT,
    " annual plan": " order",
    "/product": "/shop",
    "/features/scoring": "/shop/lamps",
    "/features/routing": "/shop/shelves",
    "/Features/Reporting": "/Shop/Chairs",
    "/blog/what-is-an-mql": "/blog/light-at-work",
    "/blog/speed-to-lead": "/blog/small-rooms",
    "/blog/icp-template": "/blog/wood-or-steel",
    "/blog/pipeline-math": "/blog/how-we-ship",
    "/docs/getting-started": "/help/assembly",
    "/pricing": "/sale",
    "/pricing/enterprise": "/sale/last-pieces",
    "/demo": "/visit-us",
    "/compare/alternatives": "/shop/all",
    "/vs/bigscore": "/shop/new",
    "/roi-calculator": "/delivery",
    "/security": "/returns",
    "/webinars": "/news",
    "ebook-lead-scoring": "catalogue-spring",
    "whitepaper-revenue-operations": "catalogue-autumn",
    "case-study-fintech": "lookbook-kitchens",
    "ebook-demand-generation": "lookbook-gardens",
    "case-study-software": "lookbook-offices",
    "guide-crm-hygiene": "guide-care-of-wood",
    "benchmark-report": "guide-colours",
    "template-icp": "room-planner",
    "roi-calculator": "measure-service",
    "assessment": "style-quiz",
}
CLINIC = {
    **NO_PRODUCT,
    " annual plan": " programme",
    "demo_request": "consultation_request",
    "pricing_request": "consultation_request",
    "proposal_request": "consultation_request",
    "rfp_received": "consultation_request",
    "meeting_booked": "consultation_request",
    "/product": "/treatments",
    "/features/scoring": "/treatments/sleep",
    "/features/routing": "/treatments/back-pain",
    "/Features/Reporting": "/Treatments/Stress",
    "/blog/what-is-an-mql": "/blog/sleep-well",
    "/blog/speed-to-lead": "/blog/first-visit",
    "/blog/icp-template": "/blog/healthy-desk",
    "/blog/pipeline-math": "/blog/food-and-mood",
    "/docs/getting-started": "/your-first-visit",
    "/demo": "/our-rooms",
    "/compare/alternatives": "/insurers",
    "/vs/bigscore": "/doctors",
    "/roi-calculator": "/symptoms",
    "/security": "/privacy",
    "ebook-lead-scoring": "wellness-guide-sleep",
    "whitepaper-revenue-operations": "annual-report",
    "case-study-fintech": "wellness-guide-back",
    "ebook-demand-generation": "checklist-first-visit",
    "case-study-software": "wellness-guide-stress",
    "guide-crm-hygiene": "wellness-guide-food",
    "benchmark-report": "survey-health-at-work",
    "template-icp": "diary-of-symptoms",
    "roi-calculator": "question-to-a-doctor",
}
NO_COLD_CALLS = {
    "inbound": 0.42,
    "paid": 0.30,
    "events": 0.08,
    "referrals": 0.10,
    "partner": 0.06,
    "outbound": 0.0,
    "unknown": 0.04,
}

BUSINESSES = {
    "software": Business(
        "Business software, sold to those who ask and to those it calls: the demo",
        (COLD, INBOUND, COLD_THAT_CAME),
    ),
    "product_led": Business(
        "Business software that people try first, sold to target accounts and by cold calls too",
        (
            COLD,
            _pair("guide", "plg", "Leads that use the product", has_product_use="true"),
            _pair("guide", "abm", "Leads of target accounts", is_target_account="true"),
            INBOUND,
            COLD_THAT_CAME,
        ),
        trial_factor=4.0,
    ),
    "ecommerce": Business(
        "A shop whose customers are companies",
        (_pair("guide", "ecommerce", "Leads of the shop"),),
        words=SHOP,
        channel_mix=NO_COLD_CALLS,
        trial_factor=0.0,
        has_shop=True,
        interest=0.6,
        amount_factor=0.05,
        cycle_factor=0.1,
    ),
    "consumer": Business(
        "A shop whose customers buy for themselves",
        (_pair("b2c", "b2c", "People who buy for themselves"),),
        words=SHOP,
        channel_mix=NO_COLD_CALLS,
        trial_factor=0.0,
        has_shop=True,
        sells_to_companies=False,
        interest=1.2,
        amount_factor=0.03,
        cycle_factor=0.1,
    ),
    "healthcare": Business(
        "Health at work: companies read guides, then ask for a consultation",
        (_pair("guide", "healthcare", "Leads of the practice"),),
        words=CLINIC,
        channel_mix=NO_COLD_CALLS,
        trial_factor=0.0,
    ),
}
SOFTWARE = BUSINESSES["software"]
