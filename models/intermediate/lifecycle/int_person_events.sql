{{ config(materialized='by_lead') }}

-- What people said in the CRM: dispositions, sales activities, and accounts that nobody can sell to, from the
-- instant at which they became so; with assignment_hands_over, the first assignment of a lead that the CRM did not
-- hand over before. Long because an account bars a lead by two attributes, each with a
-- history of its own.
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
        ["'handed_over'", "'handed_over'"],
    ], 'statuses', ['status', 'event']) }}

),

{% if has_attribute_history() %}
stretches as (

    select * from {{ rows_of_this_run('int_lead_attribute_stretches') }}
    where attribute in ('is_competitor', 'account_status')

),

-- The instants from which on the account may bar the lead.
instants as (

    select
        leads.lead_id,
        leads.is_competitor,
        leads.account_status,
        first_seen.first_seen_at as occurred_at
    from {{ rows_of_this_run('int_leads', 'leads') }}
    inner join {{ rows_of_this_run('int_lead_first_seen', 'first_seen') }} on leads.lead_id = first_seen.lead_id
    union distinct
    select
        leads.lead_id,
        leads.is_competitor,
        leads.account_status,
        stretches.valid_from as occurred_at
    from {{ rows_of_this_run('int_leads', 'leads') }}
    inner join {{ rows_of_this_run('int_lead_first_seen', 'first_seen') }} on leads.lead_id = first_seen.lead_id
    inner join stretches
        on
            leads.lead_id = stretches.lead_id
            and first_seen.first_seen_at < stretches.valid_from

),

barred as (

    select
        instants.lead_id,
        instants.occurred_at,
        case
            when case when competitors.lead_id is null then instants.is_competitor else competitors.attribute_value = 'true' end
                then 'competitor'
            when case when statuses.lead_id is null then instants.account_status else statuses.attribute_value end = 'closed'
                then 'out_of_business'
            else 'none'
        end as bar
    from instants
    left join stretches as competitors
        on
            instants.lead_id = competitors.lead_id
            and competitors.attribute = 'is_competitor'
            and {{ is_valid_at('competitors', 'instants.occurred_at') }}
    left join stretches as statuses
        on
            instants.lead_id = statuses.lead_id
            and statuses.attribute = 'account_status'
            and {{ is_valid_at('statuses', 'instants.occurred_at') }}

),

compared_bars as (

    select
        lead_id,
        occurred_at,
        bar,
        lag(bar, 1, 'none') over (partition by lead_id order by occurred_at) as previous_bar
    from barred

),

bars as (

    select
        lead_id,
        occurred_at,
        bar
    from compared_bars
    where bar <> previous_bar

),
{% else %}
bars as (

    select
        leads.lead_id,
        first_seen.first_seen_at as occurred_at,
        case
            when leads.is_competitor then 'competitor'
            when leads.account_status = 'closed' then 'out_of_business'
            else 'none'
        end as bar
    from {{ rows_of_this_run('int_leads', 'leads') }}
    inner join {{ rows_of_this_run('int_lead_first_seen', 'first_seen') }} on leads.lead_id = first_seen.lead_id

),
{% endif %}
{% if assignment_may_hand_over() %}
handed_over as (

    select
        records.lead_id,
        min(changes.changed_at) as handed_over_at
    from {{ ref('lead_qualification', 'stg_crm__lead_status_changes') }} as changes
    inner join records on changes.lead_id = records.record_id
    where
        changes.status = 'handed_over'
        and changes.changed_at <= {{ as_of() }}
    group by records.lead_id

),

assignments as (

    select
        lead_id,
        activity_id,
        occurred_at,
        row_number() over (
            partition by lead_id
            order by occurred_at, {{ bytewise('activity_id') }}
        ) as assignment_rank
    from {{ rows_of_this_run('int_sales_activities') }}
    where activity_type = 'assigned'

),

-- A status of the same instant comes before: its table does.
first_assignments as (

    select
        assignments.lead_id,
        assignments.activity_id,
        assignments.occurred_at
    from assignments
    inner join {{ dated_policy('lifecycle_settings') }} as settings
        on
            settings.setting = 'assignment_hands_over'
            and settings.value > 0
            {{ and_in_force('settings', 'assignments.occurred_at') }}
    left join handed_over on assignments.lead_id = handed_over.lead_id
    where
        assignments.assignment_rank = 1
        and (handed_over.handed_over_at is null or assignments.occurred_at < handed_over.handed_over_at)

),
{% endif %}
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
    {%- if assignment_may_hand_over() %}
    union all
    select
        lead_id,
        'sales_activities' as source,
        activity_id as record_id,
        'handed_over' as event,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        occurred_at
    from first_assignments
    {%- endif %}
    union all
    select
        bars.lead_id,
        '' as source,
        '' as record_id,
        'disqualified' as event,
        case
            when bars.bar = 'competitor' then {{ reason_of_role('competitor') }}
            else {{ reason_of_role('out_of_business') }}
        end as reason_code,
        bars.occurred_at
    from bars
    where bars.bar <> 'none'

)

select * from person_events
