{{ config(materialized='by_lead') }}

-- What people said in the CRM: dispositions, sales activities, and accounts that nobody can sell to.
with

records as (

    select * from {{ rows_of_this_run('int_lead_records') }}

),

statuses as (

    select
        statuses.status,
        statuses.event
    from {{ listed_rows([
        ["'mql'", "'marketing_qualified'"],
        ["'contacted'", "'sales_contacted'"],
        ["'accepted'", "'sales_accepted'"],
        ["'rejected'", "'sales_rejected'"],
        ["'disqualified'", "'disqualified'"],
        ["'recycled'", "'recycled'"],
        ["'regressed'", "'regressed'"],
        ["'reopened'", "'reopened'"],
    ], 'statuses', ['status', 'event']) }}

),

person_events as (

    select
        records.lead_id,
        'lead_status_changes' as source,
        changes.change_id as record_id,
        statuses.event,
        changes.reason_code,
        changes.changed_at as occurred_at
    from {{ ref('lead_qualification', 'stg_crm__lead_status_changes') }} as changes
    inner join records on changes.lead_id = records.record_id
    inner join statuses on changes.status = statuses.status
    where changes.changed_at <= {{ as_of() }}
    union all
    select
        lead_id,
        'sales_activities' as source,
        activity_id as record_id,
        case
            when outcome in ('connected', 'replied', 'held') then 'sales_connected'
            else 'sales_contacted'
        end as event,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        occurred_at
    from {{ rows_of_this_run('int_sales_activities') }}
    where
        activity_type in ('call', 'email', 'meeting')
        and (not is_machine or outcome = 'replied')
    union all
    select
        leads.lead_id,
        'accounts' as source,
        leads.account_id as record_id,
        'disqualified' as event,
        case
            when leads.is_competitor then {{ reason_of_role('competitor') }}
            else {{ reason_of_role('out_of_business') }}
        end as reason_code,
        first_seen.first_seen_at as occurred_at
    from {{ rows_of_this_run('int_leads', 'leads') }}
    inner join {{ rows_of_this_run('int_lead_first_seen', 'first_seen') }} on leads.lead_id = first_seen.lead_id
    where leads.is_competitor or leads.account_status = 'closed'

)

select * from person_events
