{{ config(materialized='ephemeral') }}

-- When a check fails that asks the same of every profile, [valid_from, valid_to); intervals may overlap. Long because it
-- is a list; what no profile asks for is left out.
with

{% if requires_check('email_not_bounced') %}
-- A bounce stands until a later e-mail signal says that mail arrives.
bounced_leads as (

    select distinct signals.lead_id
    from {{ rows_of_this_run('int_lead_signals', 'signals') }}
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal
    where kinds.role = 'bounce'

),

email_instants as (

    select
        signals.lead_id,
        signals.occurred_at,
        max(case when kinds.role = 'bounce' then 1 else 0 end) as fails
    from {{ rows_of_this_run('int_lead_signals', 'signals') }}
    inner join bounced_leads on signals.lead_id = bounced_leads.lead_id
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal
    where signals.source = 'email_events' or kinds.role = 'bounce'
    group by signals.lead_id, signals.occurred_at

),
{% endif %}
{% if requires_check('consent') %}
consent_instants as (

    select
        signals.lead_id,
        signals.occurred_at,
        min(case when kinds.role = 'opt_in' then 0 else 1 end) as fails
    from {{ rows_of_this_run('int_lead_signals', 'signals') }}
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal
    where kinds.role in ('opt_out', 'complaint', 'opt_in')
    group by signals.lead_id, signals.occurred_at

),
{% endif %}
{% if requires_check('company_allowed') %}
disqualifications as (

    select
        lead_id,
        occurred_at,
        case when event = 'disqualified' then 1 else 0 end as fails
    from {{ rows_of_this_run('int_person_events') }}
    where event in ('disqualified', 'reopened')
    union all
    select
        signals.lead_id,
        signals.occurred_at,
        1 as fails
    from {{ rows_of_this_run('int_lead_signals', 'signals') }}
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal
    where kinds.role = 'complaint'

),

-- Of one instant the reopening comes last.
company_instants as (

    select
        lead_id,
        occurred_at,
        min(fails) as fails
    from disqualifications
    group by lead_id, occurred_at

),

bars as (

    select
        leads.lead_id,
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to
    from {{ rows_of_this_run('int_leads', 'leads') }}
    {%- if has_attribute_history() %}
    left join {{ rows_of_this_run('int_lead_attribute_stretches', 'competitors') }}
        on
            leads.lead_id = competitors.lead_id
            and competitors.attribute = 'is_competitor'
    left join {{ rows_of_this_run('int_lead_attribute_stretches', 'statuses') }}
        on
            leads.lead_id = statuses.lead_id
            and statuses.attribute = 'account_status'
    where
        (leads.is_competitor and competitors.lead_id is null)
        or (leads.account_status = 'closed' and statuses.lead_id is null)
    union all
    select
        lead_id,
        valid_from,
        valid_to
    from {{ rows_of_this_run('int_lead_attribute_stretches') }}
    where
        (attribute = 'is_competitor' and attribute_value = 'true')
        or (attribute = 'account_status' and attribute_value = 'closed')
    {%- else %}
    where leads.is_competitor or leads.account_status = 'closed'
    {%- endif %}

),
{% endif %}
{% if requires_check('budget_confirmed') %}
ranked_answers as (

    select
        answers.lead_id,
        answers.answered_at as occurred_at,
        case when answers.answer = 'denied' then 1 else 0 end as fails,
        row_number() over (
            partition by answers.lead_id, answers.answered_at
            order by {{ bytewise('answers.answer_id') }} desc
        ) as rank_of_instant
    from {{ rows_of_this_run('int_framework_answers', 'answers') }}
    inner join {{ policy('frameworks') }} as frameworks
        on
            answers.framework = frameworks.framework
            and answers.criterion = frameworks.criterion
    where frameworks.is_budget

),

budget_instants as (

    select
        lead_id,
        occurred_at,
        fails
    from ranked_answers
    where rank_of_instant = 1

),
{% endif %}
{%- set instants = {
    'email_not_bounced': 'email_instants', 'consent': 'consent_instants', 'company_allowed': 'company_instants',
    'budget_confirmed': 'budget_instants'} %}
instants as (
    {% for check_name, relation in instants.items() if requires_check(check_name) %}
    select
        '{{ check_name }}' as check_name,
        lead_id,
        occurred_at,
        fails
    from {{ relation }}
    union all
    {%- endfor %}
    select
        'email_verified' as check_name,
        lead_id,
        {{ beginning() }} as occurred_at,
        1 as fails
    from {{ rows_of_this_run('int_leads') }}
    where email_status <> 'verified' and {{ '1 = 1' if requires_check('email_verified') else '1 = 0' }}

),

failing as (

    select
        check_name,
        lead_id,
        occurred_at as valid_from,
        coalesce(lead(occurred_at) over (partition by check_name, lead_id order by occurred_at), {{ never() }}) as valid_to,
        fails
    from instants
    {%- if requires_check('company_allowed') %}
    union all
    select
        'company_allowed' as check_name,
        lead_id,
        valid_from,
        valid_to,
        1 as fails
    from bars
    {%- endif %}

)

select
    check_name,
    lead_id,
    valid_from,
    valid_to
from failing
where fails = 1
