-- Every usable event up to as_of is a signal of somebody or counted in excluded_events.
with

happened as (

    select
        source,
        count(*) as events
    from {{ ref('lead_qualification', 'int_all_events') }}
    group by source

),

owned as (

    select
        source,
        count(*) as events
    from {{ ref('lead_qualification', 'int_resolved_events') }}
    where excluded_because is null
    group by source

),

excluded as (

    select
        source,
        sum(events) as events
    from {{ ref('lead_qualification', 'excluded_events') }}
    group by source

)

select
    happened.source,
    happened.events,
    owned.events as owned_events,
    excluded.events as excluded_events
from happened
left join owned on happened.source = owned.source
left join excluded on happened.source = excluded.source
where happened.events <> coalesce(owned.events, 0) + coalesce(excluded.events, 0)
