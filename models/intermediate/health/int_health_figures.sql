{{ config(materialized='ephemeral') }}

-- What each check of the raw data found, one row per value that is at fault (null where it may not be
-- shown), and one without a value per check and column for what was looked at. Long because it is
-- the list of all checks.
{%- set dimensions = {
    'channel': 'channel', 'motion': 'motion', 'intent_class': 'intent_class', 'company_size': 'company_segment'} %}
{%- set of_faults = {'unreadable': 'unreadable_value', 'unknown': 'unknown_value', 'implausible': 'implausible_time'} %}
with

sources as (

    select
        source,
        raw_records
    from {{ ref('lead_qualification', 'int_source_counts') }}

),

columns as (
    {% for source_name in raw_contracts() %}
    {%- set contract = raw_contract(source_name) %}
    {%- for column in contract.columns %}
    {%- for check_name in checks_of_column(contract, column) %}
    select
        '{{ source_name }}' as source,
        '{{ column.name }}' as column_name,
        '{{ check_name }}' as check_name
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for column in contract.columns if column.name == contract.happened or column.name == 'closed_at' %}
    select
        '{{ source_name }}' as source,
        '{{ column.name }}' as column_name,
        'implausible_time' as check_name
    union all
    {%- endfor %}
    {%- endfor %}
    select
        'leads' as source,
        'lead_source' as column_name,
        'unknown_channel' as check_name
    {%- for source_name, source in event_sources().items() %}
    union all
    select
        '{{ source_name }}' as source,
        '{{ source.kind }}' as column_name,
        'unknown_event' as check_name
    {%- endfor %}
    union all
    select
        'sales_reps' as source,
        'territory' as column_name,
        'unknown_territory' as check_name
    union all
    select
        'campaigns' as source,
        'channel' as column_name,
        'unknown_value' as check_name
    union all
    select
        'lead_status_changes' as source,
        'reason_code' as column_name,
        'unknown_value' as check_name

),

members as (
    {% for dimension, column in dimensions.items() %}
    select distinct
        '{{ dimension }}' as dimension,
        {{ column }} as member
    from {{ ref('lead_qualification', 'int_leads') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

figures as (

    select
        columns.check_name,
        columns.source,
        columns.column_name,
        cast(null as {{ dbt.type_string() }}) as fault_value,
        coalesce(sources.raw_records, 0) as looked_at,
        0 as affected
    from columns
    left join sources on columns.source = sources.source
    union all
    select
        case
            when columns.check_name = 'no_address' then 'no_address'
            {%- for fault, check_name in of_faults.items() %}
            when faults.fault = '{{ fault }}' then '{{ check_name }}'
            {%- endfor %}
        end as check_name,
        faults.source,
        faults.column_name,
        faults.fault_value,
        0 as looked_at,
        faults.affected
    from {{ ref('lead_qualification', 'int_value_faults') }} as faults
    left join columns
        on
            faults.source = columns.source
            and faults.column_name = columns.column_name
            and columns.check_name = 'no_address'
    where faults.fault in ('{{ of_faults | join("', '") }}')
    union all
    select
        case
            when unmapped.source = 'leads' then 'unknown_channel'
            when unmapped.source = 'sales_reps' then 'unknown_territory'
            when unmapped.source in ('campaigns', 'lead_status_changes') then 'unknown_value'
            else 'unknown_event'
        end as check_name,
        unmapped.source,
        unmapped.column_name,
        unmapped.unmapped_value as fault_value,
        0 as looked_at,
        unmapped.affected
    from {{ ref('lead_qualification', 'int_unmapped_values') }} as unmapped
    inner join columns
        on
            unmapped.source = columns.source
            and unmapped.column_name = columns.column_name
            and (
                columns.check_name in ('unknown_channel', 'unknown_event', 'unknown_territory')
                or unmapped.source in ('campaigns', 'lead_status_changes') and unmapped.column_name in ('channel', 'reason_code')
            )
    union all
    select
        'unknown_reference' as check_name,
        source,
        column_name,
        missing_value as fault_value,
        affected as looked_at,
        case when missing_value is null then 0 else affected end as affected
    from {{ ref('lead_qualification', 'int_references') }}
    union all
    select
        'conflicting_rows' as check_name,
        sources.source,
        cast(null as {{ dbt.type_string() }}) as column_name,
        cast(null as {{ dbt.type_string() }}) as fault_value,
        sources.raw_records as looked_at,
        coalesce(unread.raw_rows, 0) as affected
    from sources
    left join {{ ref('lead_qualification', 'int_unread_rows') }} as unread
        on
            sources.source = unread.source
            and unread.outcome = 'conflicting'
    union all
    select
        'repeated_cost' as check_name,
        'campaign_costs' as source,
        'cost' as column_name,
        cast(null as {{ dbt.type_string() }}) as fault_value,
        cast(count(*) as integer) as looked_at,
        cast(count(case when outcome = 'repeated' and cost <> 0 then 1 end) as integer) as affected
    from {{ ref('lead_qualification', 'base_crm__cost_rows') }}
    union all
    select
        'opt_out_without_time' as check_name,
        'leads' as source,
        'opted_out_at' as column_name,
        cast(null as {{ dbt.type_string() }}) as fault_value,
        cast(count(*) as integer) as looked_at,
        cast(count(case when opted_out_at is null then 1 end) as integer) as affected
    from {{ ref('lead_qualification', 'stg_crm__leads') }}
    where has_opted_out
    union all
    select
        'opt_out_like_scanner' as check_name,
        events.source,
        'event_type' as column_name,
        cast(null as {{ dbt.type_string() }}) as fault_value,
        cast(count(*) as integer) as looked_at,
        cast(count(machines.event_id) as integer) as affected
    from {{ ref('lead_qualification', 'int_resolved_events') }} as events
    inner join {{ policy('signals') }} as signals on events.signal = signals.signal
    left join {{ ref('lead_qualification', 'int_machine_events') }} as machines
        on events.record_id = machines.event_id
    where
        events.source = 'email_events'
        and signals.role = 'opt_out'
    group by events.source
    union all
    select
        'calendar_has_ended' as check_name,
        'holidays' as source,
        'holiday' as column_name,
        calendar as fault_value,
        1 as looked_at,
        case when max(holiday) < cast({{ as_of() }} as date) then 1 else 0 end as affected
    from {{ policy('holidays') }}
    group by calendar
    {%- for dimension in dimensions %}
    union all
    select
        'unknown_benchmark_member' as check_name,
        'benchmarks' as source,
        benchmarks.dimension as column_name,
        benchmarks.member as fault_value,
        1 as looked_at,
        case when members.member is null then 1 else 0 end as affected
    from {{ policy('benchmarks') }} as benchmarks
    left join members
        on
            benchmarks.dimension = members.dimension
            and benchmarks.member = members.member
    where benchmarks.dimension = '{{ dimension }}'
    {%- endfor %}

)

select * from figures
