{{ config(materialized='view') }}

-- What begins or ends at an account, up to as_of: stays of its leads in stages that count, people with a
-- meaningful signal within account_window_days, intent of those days, being a target. Long because each is
-- a branch of one list.
with

leads as (

    select
        lead_id,
        account_id
    from {{ ref('lead_qualification', 'int_leads') }}
    where account_id is not null

),

settings as (

    select cast({{ lifecycle_setting('account_window_days') }} as integer) as window_days

),

stays as (

    select
        leads.account_id,
        history.entered_at,
        history.exited_at,
        case
            when stages.role = 'customer' then 'customers'
            when stages.role = 'opportunity' then 'opportunities'
            when history.owner in ('sdr', 'sales') then 'leads_in_sales'
        end as counted
    from {{ ref('lead_qualification', 'lead_stage_history') }} as history
    inner join leads on history.lead_id = leads.lead_id
    inner join {{ policy('stages') }} as stages on history.stage = stages.stage

),

meaningful as (

    select
        leads.account_id,
        signals.lead_id,
        signals.occurred_at,
        lag(signals.occurred_at) over (partition by signals.lead_id order by signals.occurred_at) as previous_at,
        lead(signals.occurred_at) over (partition by signals.lead_id order by signals.occurred_at) as next_at
    from {{ ref('lead_qualification', 'int_lead_signals') }} as signals
    inner join leads on signals.lead_id = leads.lead_id
    where signals.is_meaningful

),

{% if has_attribute_history() %}
target_periods as (

    select
        accounts.account_id,
        coalesce(changes.valid_from, {{ beginning() }}) as valid_from,
        coalesce(changes.valid_to, {{ never() }}) as valid_to
    from {{ ref('lead_qualification', 'int_current_accounts') }} as accounts
    left join {{ ref('lead_qualification', 'int_attribute_values') }} as changes
        on
            accounts.account_id = changes.record_id
            and changes.object = 'account'
            and changes.attribute = 'is_target_account'
    where case when changes.record_id is null then accounts.is_target_account else changes.attribute_value = 'true' end

),
{% else %}
target_periods as (

    select
        account_id,
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to
    from {{ ref('lead_qualification', 'int_current_accounts') }}
    where is_target_account

),
{% endif %}
edges as (

    select
        account_id,
        entered_at as changed_at,
        counted,
        1 as step
    from stays
    where counted is not null
    union all
    select
        account_id,
        exited_at as changed_at,
        counted,
        -1 as step
    from stays
    where counted is not null and exited_at is not null
    union all
    select
        meaningful.account_id,
        meaningful.occurred_at as changed_at,
        'people' as counted,
        1 as step
    from meaningful
    cross join settings
    where
        meaningful.previous_at is null
        or meaningful.occurred_at >= {{ add_days('meaningful.previous_at', 'settings.window_days') }}
    union all
    select
        meaningful.account_id,
        {{ add_days('meaningful.occurred_at', 'settings.window_days') }} as changed_at,
        'people' as counted,
        -1 as step
    from meaningful
    cross join settings
    where
        meaningful.next_at is null
        or meaningful.next_at >= {{ add_days('meaningful.occurred_at', 'settings.window_days') }}
    union all
    select
        account_id,
        occurred_at as changed_at,
        'intent_points' as counted,
        points as step
    from {{ ref('lead_qualification', 'int_account_intent_points') }}
    union all
    select
        intent.account_id,
        {{ add_days('intent.occurred_at', 'settings.window_days') }} as changed_at,
        'intent_points' as counted,
        -intent.points as step
    from {{ ref('lead_qualification', 'int_account_intent_points') }} as intent
    cross join settings
    union all
    select
        account_id,
        valid_from as changed_at,
        'targets' as counted,
        1 as step
    from target_periods
    union all
    select
        account_id,
        valid_to as changed_at,
        'targets' as counted,
        -1 as step
    from target_periods

),

changes as (

    select
        account_id,
        changed_at,
        sum(case when counted = 'customers' then step else 0 end) as customers,
        sum(case when counted = 'opportunities' then step else 0 end) as opportunities,
        sum(case when counted = 'leads_in_sales' then step else 0 end) as leads_in_sales,
        sum(case when counted = 'people' then step else 0 end) as people,
        sum(case when counted = 'intent_points' then step else 0 end) as intent_points,
        sum(case when counted = 'targets' then step else 0 end) as targets
    from edges
    where changed_at <= {{ as_of() }}
    group by account_id, changed_at

)

select * from changes
