with

excluded as (

    select
        source,
        excluded_because as reason
    from {{ ref('lead_qualification', 'int_resolved_events') }}
    where excluded_because is not null
    union all
    select
        source,
        case when is_erased then 'erased' else 'unresolved' end as reason
    from {{ ref('lead_qualification', 'int_crm_facts') }}
    where is_erased or lead_id is null

),

counted as (

    select
        source,
        reason,
        cast(count(*) as integer) as events,
        {{ as_of() }} as as_of
    from excluded
    group by source, reason

)

select * from counted
