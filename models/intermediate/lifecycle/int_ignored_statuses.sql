{{ config(materialized='ephemeral') }}

-- Of the statuses of the CRM that are events of the lifecycle, those that moved nothing, as a check of data_health.
-- Long because a check has many columns.
with

statuses as (

    select
        facts.event,
        case when ignored.lead_id is null then 0 else 1 end as is_ignored
    from {{ ref('lead_qualification', 'int_lifecycle_events') }} as facts
    left join {{ ref('lead_qualification', 'int_ignored_events') }} as ignored
        on
            facts.lead_id = ignored.lead_id
            and facts.occurred_at = ignored.occurred_at
            and facts.event = ignored.event
            and facts.source = ignored.source
            and facts.record_id = ignored.record_id
    where facts.source = 'lead_status_changes'

),

ranked_events as (

    select
        event || ' (' || cast(cast(sum(is_ignored) as integer) as {{ dbt.type_string() }}) || ')' as event_and_count,
        row_number() over (order by sum(is_ignored) desc, {{ bytewise('event') }}) as event_rank
    from statuses
    where is_ignored = 1
    group by event

),

worst as (

    select {{ joined_texts('event_and_count', ', ', 'event_rank') }} as worst_values
    from ranked_events
    where event_rank <= 5

),

counted as (

    select
        'ignored_status' as check_name,
        cast(count(*) as integer) as looked_at,
        cast(coalesce(sum(is_ignored), 0) as integer) as affected
    from statuses

),

limits as (

    select * from {{ policy('data_health_limits') }}

),

judged as (

    select
        counted.check_name,
        'lead_status_changes' as source,
        'status' as column_name,
        counted.looked_at,
        counted.affected,
        {{ ratio('counted.affected', 'counted.looked_at') }} as share,
        limits.warn_above,
        worst.worst_values,
        limits.remedy
    from counted
    cross join worst
    left join limits on counted.check_name = limits.check_name

)

select
    check_name,
    source,
    column_name,
    looked_at,
    affected,
    share,
    warn_above,
    case when share > warn_above then 'warn' else 'fine' end as verdict,
    worst_values,
    remedy
from judged
