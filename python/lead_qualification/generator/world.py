"""What does the generated company consist of, before it is written down?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .businesses import Business
from .clock import Clock
from .sales import SalesFacts


@dataclass
class World:
    """Everything that happened, as numbers and codes; the columns are those of the modules."""

    seed: int
    clock: Clock
    business: Business
    accounts: pd.DataFrame
    reps: pd.DataFrame
    campaigns: pd.DataFrame
    campaign_costs: pd.DataFrame
    people: pd.DataFrame
    records: pd.DataFrame
    activities: pd.DataFrame
    product: pd.DataFrame
    web: pd.DataFrame
    emails: pd.DataFrame
    intent: pd.DataFrame
    partner_lists: pd.DataFrame  # person, has_email, at: second-party intent
    sales: SalesFacts
    handed_over: pd.DataFrame  # person, at: hand-offs that the CRM recorded
