-- Values that nobody can read or that no list knows, with how often and when each came; the value itself
-- only where it says nothing of a person. A fault is the words of its reason before the column.
with

faults as (

    select
        source,
        reason,
        {{ regexp_replace_all('reason', '^.* ', '') }} as column_name,
        raw_row,
        occurred_at
    from {{ ref('lead_qualification', 'int_quarantined_rows') }}

),

shown as (

    select
        source,
        reason,
        column_name,
        {{ shown_value('source', 'column_name') }} as fault_value,
        occurred_at
    from faults

),

counted as (

    select
        source,
        column_name,
        case
            when reason like 'ahead%' or reason like 'implausible%' or reason like 'planned%' or reason like 'late%'
                then 'implausible'
            else {{ text_part('reason', ' ', 1) }}
        end as fault,
        fault_value,
        cast(count(*) as integer) as affected,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from shown
    group by source, reason, column_name, fault_value

)

select
    source,
    column_name,
    fault,
    fault_value,
    cast(sum(affected) as integer) as affected,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
from counted
group by source, column_name, fault, fault_value
