-- Which signal each kind of event is: looked up once per kind, not once per event.
with

kinds as (

    select distinct
        source,
        coalesce(program, '') as program,
        coalesce(event_name, '') as event_name,
        coalesce(page_path, '') as page_path
    from {{ ref('lead_qualification', 'int_all_events') }}

),

signal_map as (

    select * from {{ policy('signal_map') }}

),

matched as (

    select
        kinds.*,
        signal_map.signal,
        row_number() over (
            partition by kinds.source, kinds.program, kinds.event_name, kinds.page_path
            order by signal_map.rule_order
        ) as match_rank
    from kinds
    inner join signal_map
        on
            kinds.source = signal_map.source
            and kinds.event_name = lower(signal_map.event_name)
            and (signal_map.program is null or kinds.program = lower(signal_map.program))
            and (signal_map.path_pattern is null or kinds.page_path like lower(signal_map.path_pattern))

),

event_kinds as (

    select
        source,
        program,
        event_name,
        page_path,
        signal
    from matched
    where match_rank = 1

)

select * from event_kinds
