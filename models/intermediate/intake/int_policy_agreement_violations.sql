{{ config(materialized='ephemeral', tags=['gate']) }}

-- The agreement with sales: response policies, territories, calendars, targets. Long because each
-- check is a step of its own; none reads another.
{% call per_policy_version() %}
with

missing_defaults as (

    {{ policy_no_row_where(
        'sla_policies', 'handoff_signals is null and profile is null and to_owner is null',
        'missing: a policy with empty handoff_signals, profile and to_owner, for hand-offs that no other fits'
    ) }}
    union all
    {{ policy_no_row_where(
        'routing_rules', 'countries is null and company_segments is null',
        'missing: a rule with empty countries and company_segments, for leads that no other rule fits'
    ) }}

),

unnamed_calendars as (

    {{ policy_rows_where(
        'routing_rules', ['rule_order'],
        "calendar is null and not exists (select 1 from " ~ policy('business_hours') ~ " as hours where hours.calendar = 'default')",
        "'calendar is empty, and " ~ policy_file('business_hours') ~ " has no calendar default'"
    ) }}

),

unreadable_hours as (

    {{ policy_rows_where(
        'business_hours', ['calendar', 'weekday', 'opens', 'closes'],
        'weekday is null or weekday not between 1 and 7'
        ~ ' or not coalesce(' ~ regexp_like('opens', '^([01][0-9]|2[0-3]):[0-5][0-9]$') ~ ', false)'
        ~ ' or not coalesce(' ~ regexp_like('closes', '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$') ~ ', false)'
        ~ ' or closes <= opens',
        "'weekday is 1 (Monday) to 7, opens and closes are times such as 09:00, closes (24:00 at most) is after opens'"
    ) }}

),

overlapping_hours as (

    select
        'business_hours' as policy_table,
        'calendar=' || earlier.calendar || ' weekday=' || cast(earlier.weekday as {{ dbt.type_string() }})
        || ' opens=' || later.opens as row_text,
        'opens before ' || earlier.closes || ', when the hours before it end' as problem
    from {{ policy('business_hours') }} as earlier
    inner join {{ policy('business_hours') }} as later
        on
            earlier.calendar = later.calendar
            and earlier.weekday = later.weekday
            and earlier.opens < later.opens
            and earlier.closes > later.opens

),

split_calendars as (

    select
        'business_hours' as policy_table,
        'calendar=' || calendar as row_text,
        'two time zones in one calendar; give each zone a calendar of its own' as problem
    from {{ policy('business_hours') }}
    group by calendar
    having count(distinct time_zone) > 1

),

impossible_agreements as (

    {{ policy_rows_where(
        'sla_policies', ['rule_order', 'sla_policy'],
        'response_target_minutes is null or response_target_minutes < 1 or status_update_hours is null'
        ~ ' or min_attempts is null or attempts_window_days is null',
        "'response_target_minutes must be 1 or more; status_update_hours, min_attempts, attempts_window_days must be given'"
    ) }}
    union all
    {{ policy_rows_where(
        'mql_targets', ['target_month'],
        'target_month is null or extract(day from target_month) <> 1 or target_mqls is null',
        "'target_month must be the first day of a month, with a target_mqls'"
    ) }}
    union all
    {{ policy_rows_where(
        'framework_selection', ['rule_order'], 'min_amount >= max_amount', "'min_amount must be below max_amount'"
    ) }}

),

unknown_zones as (

    {{ policy_rows_where(
        'business_hours', ['calendar', 'weekday', 'opens'],
        "time_zone is null or time_zone not in ('" ~ modules.pytz.all_timezones | join("', '") ~ "')",
        "'time_zone is ' || coalesce(time_zone, '(empty)') || '; it is a name such as Europe/Berlin or UTC'"
    ) }}

),

unusable_buckets as (

    {{ policy_rows_where(
        'response_buckets', ['response_bucket'],
        "response_bucket is null or response_bucket in ('all', 'none') or label is null or from_minutes is null or from_minutes < 0",
        "'response_bucket (not all or none, which the reports use), label and from_minutes (0 or more) must be given'"
    ) }}
    union all
    {{ policy_no_row_where(
        'response_buckets', 'from_minutes = 0',
        'missing: a bucket with from_minutes 0, for the fastest responses'
    ) }}

),

violations as (

    select * from missing_defaults
    union all
    select * from unnamed_calendars
    union all
    select * from unreadable_hours
    union all
    select * from overlapping_hours
    union all
    select * from split_calendars
    union all
    select * from impossible_agreements
    union all
    select * from unknown_zones
    union all
    select * from unusable_buckets

)

select * from violations
{% endcall %}
