"""How strong is every effect in the generated company?

All effect sizes of the generator stand here, so that a demo with other habits is a matter of
numbers. Shares and probabilities are between 0 and 1, log-odds are natural, durations carry
their unit in the name.
"""

from __future__ import annotations

# --- volume ---------------------------------------------------------------------------------
# Event rows per lead over the five event tables where no total is asked for.
EVENTS_PER_LEAD = 25
# Split of the rows that no journey dictates; the others are dictated by sign-ups and cold e-mails.
WEB_SHARE, EMAIL_SHARE, INTENT_SHARE = 0.52, 0.42, 0.06
# Sigma of the lognormal activity of leads: a few people make most of the events.
ACTIVITY_SIGMA = 1.05
# Share of leads on the list of a partner's event, and of those rows that name the person.
PARTNER_LIST_SHARE, PARTNER_NAMES_PERSON = 0.025, 0.7
# Zipf exponent of third-party intent over accounts.
INTENT_ZIPF = 0.9
# Growth: leads per day at the end of the timeline relative to its start.
GROWTH_OF_LEADS = 2.0

# --- companies ------------------------------------------------------------------------------
ACCOUNTS_PER_LEAD = 0.37
COMPETITOR_SHARE = 0.014
TARGET_ACCOUNT_SHARE = 0.14
ACCOUNT_STATUS = {"active": 0.955, "acquired": 0.014, "closed": 0.014, "": 0.012, "dormant": 0.005}
# Pull of an account on leads: lognormal sigma, and the log-weight per criterion of the ICP.
ACCOUNT_PULL_SIGMA, ACCOUNT_PULL_PER_CRITERION = 0.7, 0.30

# --- leads ----------------------------------------------------------------------------------
CHANNEL_MIX = {
    "inbound": 0.34,
    "paid": 0.18,
    "events": 0.12,
    "referrals": 0.09,
    "partner": 0.08,
    "outbound": 0.16,
    "unknown": 0.03,
}
# Share of leads whose title belongs to a buyer persona.
PERSONA_SHARE = {
    "inbound": 0.40,
    "paid": 0.32,
    "events": 0.40,
    "referrals": 0.58,
    "partner": 0.48,
    "outbound": 0.52,
    "unknown": 0.30,
}
# Interest is a hidden trait of a lead: normal(0, 1) plus these; it drives asks and outcomes.
CHANNEL_INTEREST = {
    "inbound": 0.15,
    "paid": -0.15,
    "events": -0.05,
    "referrals": 0.45,
    "partner": 0.20,
    "outbound": -0.30,
    "unknown": -0.20,
}
SOURCE_INTEREST = {"Demo Request": 0.6, "Free Trial": 0.2}  # on top of that of the channel
INTEREST_PER_CRITERION = 0.18
# How an e-mail address belongs to its company: account domain, personal, student, other company.
ADDRESS_KINDS = (0.86, 0.07, 0.015, 0.055)
ADDRESS_KINDS_OF_CONSUMERS = (0.0, 0.96, 0.04, 0.0)
ACCOUNT_ID_KNOWN = 0.86
EMAIL_STATUS = {"verified": 0.80, "unverified": 0.135, "bounced": 0.045, "": 0.014, "risky": 0.006}
DUPLICATE_LEADS, MERGED_LEADS, CHAINED_MERGES, DELETED_LEADS = 0.025, 0.025, 0.3, 0.012
# Share of later facts that land on the duplicate or merged record of a person.
FACTS_ON_SECOND_RECORD = 0.35

# --- journeys -------------------------------------------------------------------------------
# Log-odds that a lead asks for a demo, a price, a meeting, ... at some time.
ASK_LOG_ODDS = {
    "inbound": -2.1,
    "paid": -2.5,
    "events": -2.6,
    "referrals": -1.3,
    "partner": -1.8,
    "outbound": -4.2,
    "unknown": -2.6,
}
ASK_PER_INTEREST = 0.8
ASK_MEDIAN_DAYS, ASK_SIGMA = 24.0, 1.1
ASK_MIX = {
    "demo_request": 0.46,
    "pricing_request": 0.20,
    "meeting_booked": 0.20,
    "proposal_request": 0.08,
    "rfp_received": 0.06,
}
MEETING_KEPT = 0.75
# Leads that ask in the last minutes before as_of: their hand-offs are still open.
ASKING_NOW = (0.6, 4, 11, 19, 24, 27)  # minutes before as_of
# Mean number per lead of other activities, before the effect of interest.
ACTIVITY_RATES = {
    "content_download": 0.50,
    "webinar_attendance": 0.22,
    "event_attendance": 0.05,
    "newsletter_signup": 0.08,
    "form_submit": 0.14,
    "social_follow": 0.07,
    "implementation_question": 0.025,
    "stakeholder_involved": 0.025,
    "referral": 0.01,
    "job_change": 0.015,
    "Demo Request": 0.004,  # other letters: compared in lower case
    "badge_print": 0.012,  # a type that no rule knows
}
ACTIVITY_PER_INTEREST = 0.30
TRIAL_SHARE = {
    "inbound": 0.13,
    "paid": 0.10,
    "events": 0.06,
    "referrals": 0.10,
    "partner": 0.08,
    "outbound": 0.01,
    "unknown": 0.04,
}
TRIAL_DAYS = 14
# Probability of each product milestone in a trial of median depth, and its log-odds per depth.
MILESTONES = {
    "activation_milestone": 0.50,
    "integration_configured": 0.22,
    "upgrade_page_view": 0.18,
    "team_invite": 0.26,
    "premium_feature_use": 0.24,
    "usage_limit_reached": 0.15,
}
MILESTONE_PER_DEPTH = 0.9
PRODUCT_USES_MEAN = 4.0

# --- shops ----------------------------------------------------------------------------------
# A cart before a checkout, and for some a wish list before the cart.
CART_MEAN_HOURS, WISHED_SHARE, WISH_MEAN_DAYS = 5.0, 0.35, 6.0
# Leads that fill a cart or a wish list and leave it; share of the carts that the shop reports.
LEFT_CART_SHARE, LEFT_CART_REPORTED, LEFT_CART_MEAN_DAYS, WISH_ALONE_SHARE = 0.22, 0.6, 30.0, 0.10

# --- web ------------------------------------------------------------------------------------
PAGES_PER_SESSION_STOP = 0.45  # probability that a page view is the last of its session
EVALUATING_LOG_ODDS, EVALUATING_PER_INTEREST = -2.9, 0.9  # sessions that look at prices
BEFORE_CREATED_SHARE, BEFORE_CREATED_MEAN_DAYS = 0.22, 9.0
SESSION_MEAN_DAYS, LATE_VISIT_SHARE = 24.0, 0.22
STRANGER_SHARE = 0.07  # visitors who never say who they are
IDENTIFIED_SHARE, SECOND_DEVICE_SHARE, SECOND_DEVICE_IDENTIFIED = 0.93, 0.25, 0.6

# --- e-mail ---------------------------------------------------------------------------------
OPEN_LOG_ODDS, CLICK_LOG_ODDS = -0.75, -1.75
OPEN_PER_INTEREST, CLICK_PER_INTEREST = 0.35, 0.50
REPLY_SHARE = 0.004
UNSUBSCRIBERS, UNSUBSCRIBE_MEAN_DAYS = 0.08, 50.0
RESUBSCRIBERS, RESUBSCRIBE_MEAN_DAYS = 0.25, 40.0
COMPLAINERS = 0.008
COLD_STEPS_MEAN, COLD_STEP_DAYS = 4.0, 4.0
COLD_ANSWERS = {  # the answer of a cold lead to its sequence
    "": 0.70,
    "replied": 0.13,
    "replied_interested": 0.06,
    "meeting_booked": 0.045,
    "unsubscribed": 0.06,
    "spam_complaint": 0.005,
}

# --- sales ----------------------------------------------------------------------------------
# Median minutes to the first attempt, sigma, and share never worked, by reason of the work.
RESPONSE = {
    "ask": (55.0, 1.7, 0.03),
    "reply": (90.0, 1.5, 0.03),
    "score": (420.0, 1.8, 0.13),
    "product": (900.0, 1.5, 0.10),
    "call": (1500.0, 1.2, 0.0),
}
NIGHT_WATCH = 0.25  # share of first attempts made outside office hours when they fall there
# Share of leads without a hand-off that sales calls all the same: MQLs, PQLs, cold-call leads.
CALLED_MQLS, CALLED_PQLS, CALLED_COLD = 0.07, 0.70, 0.75
# ... and leads that answered a cold e-mail without saying yes.
CALLED_COLD_MQLS = 0.50
# Share of these that the CRM itself hands over before the call.
HANDED_OVER_IN_CRM = 0.40
# Median days from the MQL to that call.
MQL_CALL_MEDIAN_DAYS = 6.0
ATTEMPTS_MEAN, MOST_ATTEMPTS = 3.6, 9
CONNECT_PER_ATTEMPT = 0.19
# Multiplies the chance to connect by minutes to the first attempt: the speed-to-lead effect.
SPEED_EFFECT = ((5, 2.2), (30, 1.8), (60, 1.5), (120, 1.25), (1440, 1.0), (float("inf"), 0.65))
CONNECT_BY_KIND = {"ask": 1.35, "reply": 1.5, "score": 0.85, "product": 1.2, "call": 0.85}
CONNECT_PER_CRITERION = 0.12  # relative, per matched ICP criterion above two
# Log-odds that a connected lead is accepted, and what moves them.
ACCEPT_LOG_ODDS = -0.35
ACCEPT_PER_CRITERION, ACCEPT_PER_INTEREST = 0.45, 0.45
ACCEPT_BY_CHANNEL = {
    "inbound": 0.0,
    "paid": 0.20,
    "events": 0.30,
    "referrals": 1.15,
    "partner": 0.45,
    "outbound": -2.40,
    "unknown": -0.20,
}
ACCEPT_BY_KIND = {"ask": 0.90, "reply": 0.30, "score": 0.0, "product": 0.20, "call": -0.2}
ACCEPT_BY_SEGMENT = {"startup": -0.30, "mid_market": 0.0, "enterprise": 0.60}
ACCEPT_IF_FAST = 0.35  # first attempt within the hour
# What becomes of connected leads that are not accepted.
NOT_ACCEPTED = {
    "rejected": 0.60,
    "recycled": 0.10,
    "regressed": 0.12,
    "disqualified": 0.08,
    "": 0.10,
}
# What becomes of leads that never answered.
NO_ANSWER = {"regressed": 0.14, "recycled": 0.14, "rejected": 0.22, "disqualified": 0.02, "": 0.48}
REOPENED = 0.35  # of the disqualified, after some weeks
REASONS = {
    "rejected": {
        "wrong_icp": 0.28,
        "no_budget": 0.22,
        "wrong_title": 0.17,
        "no_need": 0.21,
        "bad_data": 0.12,
    },
    "recycled": {"not_ready_after_attempts": 0.5, "timing": 0.5},
    "regressed": {
        "no_response": 0.30,
        "not_ready": 0.18,
        "budget_postponed": 0.14,
        "role_changed": 0.10,
        "buying_freeze": 0.10,
        "contact_later": 0.10,
        "stalled": 0.08,
    },
    "disqualified": {"competitor": 0.34, "out_of_business": 0.33, "spam_complaint": 0.33},
}
CONFIRM_CRITERION, WITHDRAWN_ANSWER, CORRECTED_ANSWER = 0.88, 0.05, 0.45
DISCOVERY_BEFORE_ACCEPTANCE = 0.3
OPPORTUNITY_IF_QUALIFIED, OPPORTUNITY_IF_NOT = 0.62, 0.14
REGRESSED_AFTER_ACCEPTANCE = 0.45  # of the accepted without an opportunity
WIN_LOG_ODDS, WIN_PER_CRITERION, WIN_PER_INTEREST = -1.40, 0.20, 0.25
CYCLE_MEDIAN_DAYS = {"inbound": 29.0, "outbound": 58.0}
SECOND_DEAL_AFTER_WON, SECOND_DEAL_AFTER_LOST = 0.20, 0.20
AMOUNT_MEDIAN, AMOUNT_SIGMA = {"startup": 6000.0, "mid_market": 19000.0, "enterprise": 68000.0}, 0.6
# Share of leads that sales did not keep and that ask again later, and after how many days.
COMES_BACK, COMES_BACK_MEDIAN_DAYS, COMES_BACK_SIGMA = 0.30, 55.0, 0.6

# Days after which a lead that sales did not keep may be handed over again by its score.
REST_AFTER_SALES_DAYS = 30

# --- dirt -----------------------------------------------------------------------------------
REPEATED_ROWS = 0.007  # the same key lands twice
UNUSABLE_ROWS = 0.003  # per source, at least one where the source has a hundred rows
BOT_VISITS, MACHINE_OPENS, SCANNED_DELIVERIES = 0.03, 0.03, 0.03
LATE_ROWS, LATE_MEAN_HOURS = 0.02, 30.0
ZULU_TIMES, OFFSET_TIMES = 0.04, 0.04
UNKNOWN_EVENTS = 0.012
LANDED_AFTER_AS_OF_HOURS = 36  # the extract ran this long after as_of

# --- planted effects (see `planted`; the demo has none of this) ------------------------------
# The chance of an opportunity in the weeks after a lead was qualified, where nothing is planted.
PLANTED_BASE_RATE = 0.10
# Mean days from the first engagement to the note of marketing that the lead is an MQL.
PLANTED_MQL_MEAN_DAYS = 6.0
# What the chance is multiplied by: with the signal, after the sequence, in the channel, and in
# the months of the drift. The chances are independent of everything that is not named here.
PLANTED_SIGNAL, PLANTED_SEQUENCE, PLANTED_CHANNEL, PLANTED_RATE_DRIFT = 2.5, 2.5, 2.0, 2.5
# ... and with all points of the ideal customer profile, against the middle of them.
PLANTED_FIT = 2.2
HIGHEST_PLANTED_CHANCE = 0.95
# Shares of leads with the signal that is planted, and with one that never does anything.
PLANTED_SIGNAL_SHARE, PLANTED_NULL_SHARE = 0.25, 0.25
# Groups of leads by what they do of the sequence: all of it, one half, too slowly, reversed.
PLANTED_STEPS = {
    "": 0.50,
    "sequence": 0.12,
    "first_alone": 0.10,
    "then_alone": 0.10,
    "too_slow": 0.08,
    "reversed": 0.10,
}
PLANTED_SEQUENCE_HOURS, PLANTED_SLOW_HOURS = (1, 20), (30, 90)
# Share of the leads of the drift with one more webinar at their first action.
PLANTED_SCORE_DRIFT = 0.6
# The drifts begin with the month that is so many months before that of as_of.
RATE_DRIFT_MONTHS, SCORE_DRIFT_MONTHS = 7, 4
# Days from the qualification to a planted opportunity: at least, and mean of the remainder.
PLANTED_DEAL_AFTER_DAYS, PLANTED_DEAL_MEAN_DAYS = 3.0, 20.0
