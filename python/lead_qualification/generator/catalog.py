"""Which names, places and pages does the generated company know?

Every company and domain is fictional (`.example` is reserved), people are built from lists of
common given and family names.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VENDOR_SITE = "https://www.leadgrove.example"

CHANNELS = ("inbound", "paid", "events", "referrals", "partner", "outbound", "unknown")

# channel -> lead sources with weights; the unknown ones are in no channel table.
SOURCES: dict[str, dict[str, float]] = {
    "inbound": {
        "Organic Search": 22,
        "Content": 9,
        "Website": 10,
        "Direct": 8,
        "Blog": 7,
        "Newsletter": 5,
        "Demo Request": 11,
        "Free Trial": 9,
        "Social": 5,
        "Organic": 4,
        "Direct Traffic": 4,
        "Email": 3,
        "Social Media": 3,
    },
    "paid": {
        "Paid Search": 22,
        "PPC": 12,
        "LinkedIn Ads": 26,
        "Display": 8,
        "Google Ads": 22,
        "Facebook Ads": 10,
    },
    "events": {"Webinar": 45, "Trade Show": 20, "Event": 17, "Conference": 18},
    "referrals": {"Referral": 55, "Customer Referral": 45},
    "partner": {"Partner": 65, "Reseller": 35},
    "outbound": {"Cold Email": 60, "Cold Call": 22, "Outbound": 18},
    "unknown": {"Podcast": 35, "List Import 2024": 30, "": 20, "n/a": 15},
}

# What a person did to become a lead, by lead source; others filled a form in or nothing.
FIRST_ACTIVITY = {
    "Demo Request": "demo_request",
    "Free Trial": "free_trial_signup",
    "Webinar": "webinar_attendance",
    "Trade Show": "event_attendance",
    "Event": "event_attendance",
    "Conference": "event_attendance",
    "Newsletter": "newsletter_signup",
    "Email": "newsletter_signup",
    "Content": "content_download",
    "Blog": "content_download",
    "LinkedIn Ads": "content_download",
    "Facebook Ads": "content_download",
    "Referral": "referral",
    "Customer Referral": "referral",
    "Social": "social_follow",
    "Social Media": "social_follow",
    "Organic Search": "form_submit",
    "Website": "form_submit",
    "Google Ads": "form_submit",
    "Paid Search": "form_submit",
    "PPC": "form_submit",
    "Podcast": "form_submit",
}

# country, weight, hours from UTC, region of the territory
COUNTRIES: tuple[tuple[str, float, int, str], ...] = (
    ("US", 36, -5, "AMER"),
    ("CA", 6, -5, "AMER"),
    ("MX", 2, -6, "AMER"),
    ("BR", 4, -3, "AMER"),
    ("GB", 11, 0, "EMEA"),
    ("IE", 3, 0, "EMEA"),
    ("DE", 9, 1, "EMEA"),
    ("FR", 6, 1, "EMEA"),
    ("NL", 4, 1, "EMEA"),
    ("ES", 3, 1, "EMEA"),
    ("IT", 3, 1, "EMEA"),
    ("SE", 2, 1, "EMEA"),
    ("PL", 2, 1, "EMEA"),
    ("AU", 4, 10, "APAC"),
    ("NZ", 1, 12, "APAC"),
    ("SG", 2, 8, "APAC"),
    ("IN", 4, 5, "APAC"),
    ("JP", 2, 9, "APAC"),
    ("ZA", 1, 2, "AMER"),  # no routing rule names it: the last rule takes it
)
TARGET_COUNTRIES = ("US", "CA", "GB", "IE", "DE", "FR", "NL", "AU")
NO_COUNTRY_SHARE = 0.04

INDUSTRIES: dict[str, float] = {
    "Software": 24,
    "Financial Services": 15,
    "Healthcare": 12,
    "Retail": 9,
    "Manufacturing": 10,
    "Education": 5,
    "Logistics": 6,
    "Professional Services": 7,
    "Media": 4,
    "Energy": 2,
    "Public Sector": 2,
    "": 4,
}
TARGET_INDUSTRIES = ("Software", "Financial Services", "Healthcare")
TARGET_EMPLOYEES = (50, 1000)
NO_EMPLOYEE_COUNT_SHARE = 0.06
EMPLOYEES_MEDIAN, EMPLOYEES_SIGMA = 190.0, 1.65
FIT_POINTS = {"industry": 10, "company_size": 10, "job_title": 15, "geography": 5}

PERSONA_TITLES = (
    "VP Marketing",
    "Chief Marketing Officer",
    "Head of Growth",
    "Demand Generation Manager",
    "Director of Revenue Operations",
    "Sales Operations Manager",
    "RevOps Lead",
    "Marketing Manager",
    "Marketing Operations Specialist",
    "CMO",
    "CRO",
    "Marketing Analyst",
)
OTHER_TITLES = (
    "Software Engineer",
    "CEO",
    "Founder",
    "Chief Financial Officer",
    "IT Director",
    "Procurement Manager",
    "HR Specialist",
    "Product Manager",
    "Data Analyst",
    "Legal Counsel",
    "Student",
    "Consultant",
    "Office Manager",
    "VP Sales",
    "Head of Customer Success",
    "President",
    "",
)

FIRST_NAMES = _words(
    "Ada Alba Alex Amir Anna Aya Ben Bianca Bruno Carla Chen Chloe Clara Daan Dana David Elena "
    "Emil Emma Eva Felix Fiona Grace Hana Hugo Ida Igor Ines Iris Ivan Jana Jonas Julia Kai Karim "
    "Kira Lara Lea Leo Lina Luca Lucy Maja Marco Maria Mila Mina Nadia Nico Nina Noah Nora Olga "
    "Omar Oscar Paul Petra Priya Rosa Ruth Sam Sara Sofia Sven Tara Theo Tom Vera Yuki Zoe"
)
LAST_NAMES = _words(
    "Adler Ahlberg Alonso Arden Baker Barros Becker Bell Berg Bianchi Brandt Brook Carter Castro "
    "Costa Dahl Dale Diaz Dupont Eklund Ellis Evans Falk Ferrari Fischer Ford Foster Fuchs Garcia "
    "Grant Haas Hale Hansen Hart Hayes Holm Ito Jansen Keller Khan Klein Kovac Kumar Lang Larsen "
    "Lopez Marsh Martin Meyer Mills Moreau Moretti Nash Novak Olsen Park Patel Peters Quinn Reed "
    "Rivera Rossi Sato Silva Singh Sousa Stein Stone Suzuki Tan Vega Vogel Wade Walsh Weber West "
    "Wolf Wong Young Zimmer"
)
COMPANY_FIRST = _words(
    "Alder Amber Anchor Aspen Atlas Aurora Beacon Birch Bluebird Bramble Brook Canyon Cedar Cinder "
    "Clover Cobalt Copper Coral Crest Delta Drift Ember Falcon Fern Flint Forge Garnet Glacier "
    "Granite Harbor Hazel Heron Horizon Indigo Iron Ivory Jasper Juniper Kestrel Lagoon Lantern "
    "Larch Lumen Maple Meadow Mesa Mosaic North Nova Oak Ocean Onyx Opal Orchard Osprey Pebble "
    "Pine Prairie Quarry Quartz Raven Ridge River Sable Saffron Sierra Silver Slate Solstice "
    "Spruce Summit Tidal Timber Topaz Tundra Velvet Vista Willow Zephyr"
)
COMPANY_SECOND = _words(
    "Analytics Works Systems Capital Care Labs Logistics Media Networks Partners Retail Robotics "
    "Software Solutions Studio Technologies Ventures Energy Foods Health Insurance Learning "
    "Motors Textiles"
)
# Addresses at public providers carry a mark, so that none can be a real person's.
PERSONAL_MARK = "-example"
PERSONAL_DOMAINS = ("gmail.com", "outlook.com", "yahoo.com", "icloud.com", "gmx.de", "proton.me")
STUDENT_DOMAINS = ("example.edu", "college.example.edu", "example.ac.uk")

ASSETS: dict[str, tuple[str, ...]] = {
    "content_download": (
        "ebook-lead-scoring",
        "whitepaper-revenue-operations",
        "case-study-fintech",
        "ebook-demand-generation",
        "case-study-software",
        "guide-crm-hygiene",
        "benchmark-report",
        "template-icp",
    ),
    "webinar_attendance": (
        "webinar-scoring-101",
        "webinar-speed-to-lead",
        "webinar-pipeline-reviews",
        "webinar-product-tour",
        "webinar-customer-panel",
    ),
    "event_attendance": ("expo-spring", "revops-summit", "fintech-days", "expo-autumn"),
    "form_submit": ("contact-us", "roi-calculator", "assessment"),
}

# page path -> weight of a casual and of an evaluating visit
PAGES: dict[str, tuple[float, float]] = {
    "/": (22, 8),
    "/product": (8, 9),
    "/features/scoring": (6, 6),
    "/features/routing": (4, 4),
    "/Features/Reporting": (1, 1),
    "/blog/what-is-an-mql": (9, 2),
    "/blog/speed-to-lead": (8, 2),
    "/blog/icp-template": (7, 2),
    "/blog/pipeline-math": (6, 1),
    "/customers": (6, 6),
    "/about": (5, 2),
    "/careers": (4, 0.5),
    "/docs/getting-started": (5, 4),
    "/pricing": (1.6, 22),
    "/pricing/enterprise": (0.3, 6),
    "/demo": (1.2, 9),
    "/compare/alternatives": (0.8, 6),
    "/vs/bigscore": (0.5, 4),
    "/roi-calculator": (0.6, 5),
    "/security": (0.6, 5),
    "/webinars": (4, 2),
}
# only where the company has a shop
SHOP_PAGES = ("/wishlist", "/cart", "/checkout")
SHOP_EVENTS = ("wishlist_added", "cart_added", "cart_abandoned", "checkout_started")
# further web events at the end of a session, with probability
WEB_EXTRAS = {
    "scroll": 0.025,
    "form_submit": 0.012,
    "video_watched_75": 0.015,
    "chat_started": 0.012,
}

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0",
    "Mozilla/5.0 (Macintosh; Mac OS X 14_5) Safari/17.5",
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0",
    "Mozilla/5.0 (iPhone; iOS 18_1) Safari/18.1",
    "Mozilla/5.0 (Linux; Android 15) Chrome/137.0",
    "Mozilla/5.0 (Windows NT 10.0) Edg/137.0",
    "",
)
BROWSER_WEIGHTS = (38, 20, 6, 15, 12, 7, 2)
WEB_BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
    "Screaming Frog SEO Spider/21.0",
    "Mozilla/5.0 HeadlessChrome/126.0",
    "SiteCrawler/3.2",
    "BingPreview/1.0b",
)
MAIL_MACHINES = (
    "GoogleImageProxy/1.0",
    "Barracuda Sentinel/4.1",
    "Mimecast-URL-Protect",
    "Proofpoint TAP/2.3",
    "Microsoft SafeLinks",
)

# kind -> channel, name, monthly cost; one campaign of each kind runs per calendar quarter
CAMPAIGN_KINDS: tuple[tuple[str, str, str, float], ...] = (
    ("newsletter", "inbound", "Newsletter", 600),
    ("content", "inbound", "Content programme", 2600),
    ("search", "paid", "Search ads", 5200),
    ("social", "paid", "Social ads", 3900),
    ("webinar", "events", "Webinar series", 2100),
    ("expo", "events", "Trade shows", 7400),
    ("referral", "referrals", "Customer referral bonus", 900),
    ("partner", "partner", "Partner co-marketing", 1500),
    ("cold", "outbound", "Cold outreach", 1800),
)
CAMPAIGNS_OF_CHANNEL = {
    "inbound": ("content", "newsletter"),
    "paid": ("search", "social"),
    "events": ("webinar", "expo"),
    "referrals": ("referral",),
    "partner": ("partner",),
    "outbound": ("cold",),
    "unknown": (),
}

INTENT_TYPES: dict[str, float] = {
    "topic_spike": 34,
    "research_spike": 20,
    "review_site_visit": 24,
    "competitor_research": 12,
    "job_posting": 9,
    "news_mention": 1,
}
INTENT_TOPICS = ("lead scoring", "crm", "sales automation", "revenue operations", "analytics")
INTENT_PROVIDERS = ("reviewhub", "intentwire", "jobradar", "partnerhub")
PARTNER_LIST = "partner_event_attendance"
# of a lost deal; no rule knows the last two, which end as any other loss
LOST_REASONS: dict[str, float] = {
    "no_budget": 22,
    "no_need": 12,
    "timing": 12,
    "": 28,
    "went_quiet": 8,
    "lost_to_competitor": 18,
}

FRAMEWORKS: dict[str, tuple[str, ...]] = {
    "BANT": ("budget", "authority", "need", "timeline"),
    "CHAMP": ("challenges", "authority", "money", "prioritization"),
    "MEDDIC": (
        "metrics",
        "economic_buyer",
        "decision_criteria",
        "decision_process",
        "identify_pain",
        "champion",
    ),
    "GPCT": ("goals", "plans", "challenges", "timeline"),
}
ANSWER_DETAILS = ("", "Confirmed on the call", "By e-mail", "Told by a colleague", "From the brief")

# territory -> active reps of the smallest company; the share grows with the leads
TERRITORIES = {"AMER-ENT": 2, "AMER": 4, "EMEA": 4, "APAC": 2}
LEADS_PER_FURTHER_REP = 2500

# local hours in which people are at their desks (weights of the 24 hours) and sales answers
HOUR_WEIGHTS = (
    1, 0.5, 0.3, 0.2, 0.3, 1, 3, 8, 22, 38, 44, 42, 28, 32, 42, 40, 34, 24, 14, 9, 8, 7, 5, 3,
)  # fmt: skip
OFFICE_OPENS, OFFICE_CLOSES = 8, 18
WEEKEND_STAYS = 0.18
