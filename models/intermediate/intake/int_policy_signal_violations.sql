{{ config(materialized='ephemeral', tags=['gate']) }}

-- Rows of derived_signals.csv that make no signal or not the one that they seem to, and patterns of
-- signal_map.csv on what events of that source do not have. Long because each check stands by itself.
{%- set key = ['signal'] %}
{%- set map_key = ['source', 'rule_order'] %}
{%- set needed = {
    'repeat': ['min_count', 'distinct_of', 'within_days'],
    'sequence': ['then_signal', 'within_hours'],
    'silence': ['within_days'],
} %}
{%- set checks = [
    policy_duplicates('derived_signals', key, 'lower(signal)'),
    policy_empty('derived_signals', key, 'signal'),
    policy_unknown('derived_signals', key, 'signal', 'signals'),
    policy_not_one_of('derived_signals', key, 'kind', needed | list),
    policy_empty('derived_signals', key, 'from_signals'),
    policy_empty_items('derived_signals', key, 'from_signals'),
    policy_unknown_items('derived_signals', key, 'from_signals', 'signal_map', 'signal'),
    policy_rows_where(
        'derived_signals', key,
        'lower(then_signal) not in (select lower(signal) from ' ~ policy('signal_map') ~ ' as known where signal is not null)',
        "'unknown then_signal ' || then_signal || '; it is a signal of " ~ policy_file('signal_map') ~ "'"
    ),
    policy_rows_where(
        'derived_signals', key,
        'lower(signal) in (select lower(signal) from ' ~ policy('signal_map') ~ ' as known where signal is not null)',
        "'a row of " ~ policy_file('signal_map') ~ " makes this signal; give the derived one a name of its own'"
    ),
    policy_rows_where(
        'derived_signals', key,
        "distinct_of is not null and distinct_of not in ('event', 'day', 'session', 'asset', 'campaign')",
        "'distinct_of is ' || distinct_of || '; it is one of event, day, session, asset, campaign'"
    ),
    policy_rows_where(
        'derived_signals', key, "substr(signal, 1, 9) = 'velocity_'",
        "'names that begin with velocity_ are taken; choose another'"
    ),
    policy_rows_where('derived_signals', key, 'min_count < 2', "'min_count must be 2 or more'"),
    policy_rows_where('derived_signals', key, 'within_days < 1', "'within_days must be 1 or more'"),
    policy_rows_where('derived_signals', key, 'within_hours < 1', "'within_hours must be 1 or more'"),
    policy_rows_where(
        'derived_signals', key,
        'signal in (select signal from ' ~ policy('signals') ~ ' as known where is_meaningful)',
        "'its events count as meaningful already; set is_meaningful to false in " ~ policy_file('signals') ~ "'"
    ),
    policy_rows_where(
        'derived_signals', key,
        "kind = 'silence' and signal in (select signal from " ~ policy('signals') ~ ' as known where is_engagement)',
        "'nobody engages by silence; set is_engagement to false in " ~ policy_file('signals') ~ "'"
    ),
    policy_rows_where(
        'derived_signals', key,
        'signal in (select signal from ' ~ policy('signals') ~ ' as known where role is not null)',
        "'a derived signal says nothing about writing to a person; leave role empty in " ~ policy_file('signals') ~ "'"
    ),
    policy_rows_where(
        'signal_map', map_key, "asset_pattern is not null and source <> 'marketing_activities'",
        "'asset_pattern is of marketing_activities; leave it empty'"
    ),
    policy_rows_where(
        'signal_map', map_key, "link_pattern is not null and source <> 'email_events'",
        "'link_pattern is of email_events; leave it empty'"
    ),
    policy_rows_where(
        'signal_map', map_key, "min_value is not null and source not in ('marketing_activities', 'web_events')",
        "'min_value is of marketing_activities and web_events; leave it empty'"
    )
] + policy_columns_of_kinds('derived_signals', key, needed) %}
with

violations as (

    {{ checks | join('\n    union all\n    ') }}

)

select * from violations
