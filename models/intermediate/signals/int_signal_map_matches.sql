-- Which signal each kind of event is: looked up once per kind, not once per event. Where the first
-- row that matches has no path, the path is tried once more without a leading locale. Long because the
-- second attempt is the first one again.
with

kinds as (

    select distinct
        source,
        coalesce(program, '') as program,
        coalesce(event_name, '') as event_name,
        coalesce(page_path, '') as page_path,
        coalesce(kind_asset, '') as kind_asset,
        coalesce(kind_link, '') as kind_link,
        coalesce(kind_value, '') as kind_value
    from {{ ref('lead_qualification', 'int_events_by_kind') }}

),

paths as (

    select
        kinds.*,
        kinds.page_path as tried_path,
        1 as attempt
    from kinds
    union all
    select
        kinds.*,
        coalesce(nullif({{ regexp_replace_all('kinds.page_path', '^/[a-z][a-z](-[a-z][a-z])?', '') }}, ''), '/') as tried_path,
        2 as attempt
    from kinds
    where {{ regexp_like('kinds.page_path', '^/[a-z][a-z](-[a-z][a-z])?(/.*)?$') }}

),

signal_map as (

    select * from {{ policy('signal_map') }}

),

matched as (

    select
        paths.source,
        paths.program,
        paths.event_name,
        paths.page_path,
        paths.kind_asset,
        paths.kind_link,
        paths.kind_value,
        paths.attempt,
        signal_map.signal,
        signal_map.path_pattern,
        row_number() over (
            partition by
                paths.source, paths.program, paths.event_name, paths.page_path, paths.kind_asset, paths.kind_link,
                paths.kind_value, paths.attempt
            order by signal_map.rule_order
        ) as match_rank
    from paths
    inner join signal_map
        on
            paths.source = signal_map.source
            and paths.event_name = lower(signal_map.event_name)
            and (signal_map.program is null or paths.program = lower(signal_map.program))
            and (signal_map.path_pattern is null or paths.tried_path like lower(signal_map.path_pattern))
            and (signal_map.asset_pattern is null or paths.kind_asset like lower(signal_map.asset_pattern))
            and (signal_map.link_pattern is null or paths.kind_link like lower(signal_map.link_pattern))
            and (
                signal_map.min_value is null
                or cast(nullif(paths.kind_value, '') as decimal(18, 2)) >= signal_map.min_value
            )

),

chosen as (

    select
        *,
        row_number() over (
            partition by source, program, event_name, page_path, kind_asset, kind_link, kind_value
            order by case when path_pattern is null then 1 else 0 end, attempt
        ) as attempt_rank
    from matched
    where match_rank = 1

),

event_kinds as (

    select
        source,
        program,
        event_name,
        page_path,
        kind_asset,
        kind_link,
        kind_value,
        signal
    from chosen
    where attempt_rank = 1

)

select * from event_kinds
