{{ config(materialized='by_lead') }}

-- The pairs of a scoring model and a profile that a lead has over time, [valid_from, valid_to), in each track of
-- model_assignment.csv: the first rule counts whose conditions hold. Empty where rules ask for the motion
-- alone: int_lead_profile_history says all then. Long because signals, attributes and rules each have instants.
-- depends_on: {{ ref('lead_qualification', 'int_data_health') }}
{%- set values = {
    'motion': 'leads.motion',
    'channel': "nullif(leads.channel, 'unknown')",
    'lead_source': 'leads.normalised_source',
    'company_segment': "nullif(attributes_then.company_segment, 'unknown')",
    'is_target_account': 'attributes_then.is_target_account',
    'industry': 'attributes_then.industry',
    'country': 'attributes_then.country',
    'has_product_use': "case when first_signals.product_use_at <= periods.valid_from then 'true' else 'false' end",
    'has_inbound_interest': "case when first_signals.inbound_interest_at <= periods.valid_from then 'true' else 'false' end",
} %}
with

leads as (

    select
        lead_id,
        motion,
        channel,
        {{ normalised_lead_source('lead_source') }} as normalised_source
    from {{ rows_of_this_run('int_leads') }}

),

{% if has_changing_pairs() %}
rules as (

    select
        {{ track_of('assignments') }} as track,
        assignments.rule_order,
        {%- for condition in values %}
        {{ condition_list('assignments', condition) }} as {{ condition }},
        {%- endfor %}
        assignments.scoring_model,
        assignments.profile,
        assignments.in_force_from,
        assignments.in_force_to
    from {{ dated_policy('model_assignment') }} as assignments

),

first_signals as (

    select
        signals.lead_id,
        min(case when kinds.origin = 'product' then signals.occurred_at end) as product_use_at,
        min(case when kinds.is_inbound_interest then signals.occurred_at end) as inbound_interest_at
    from {{ rows_of_this_run('int_lead_signals', 'signals') }}
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal
    where kinds.origin = 'product' or kinds.is_inbound_interest
    group by signals.lead_id

),

instants as (

    select
        lead_id,
        {{ beginning() }} as valid_from
    from leads
    union distinct
    select
        lead_id,
        product_use_at as valid_from
    from first_signals
    where product_use_at is not null
    union distinct
    select
        lead_id,
        inbound_interest_at as valid_from
    from first_signals
    where inbound_interest_at is not null
    {%- if has_attribute_history() %}
    union distinct
    select
        lead_id,
        valid_from
    from {{ rows_of_this_run('int_lead_attribute_stretches') }}
    where attribute in ('employee_count', 'is_target_account', 'industry', 'country')
    {%- endif %}
    {%- if has_policy_versions() %}
    union distinct
    select
        leads.lead_id,
        assignment_periods.period_from as valid_from
    from leads
    cross join {{ policy_periods(['model_assignment']) }} as assignment_periods
    {%- endif %}

),

periods as (

    select
        lead_id,
        valid_from,
        coalesce(lead(valid_from) over (partition by lead_id order by valid_from), {{ never() }}) as valid_to
    from instants

),

attributes_then as (

    {{ attributes_at('periods', ['valid_from'], 'valid_from') }}

),

matched as (

    select
        periods.lead_id,
        rules.track,
        rules.scoring_model,
        rules.profile,
        periods.valid_from,
        periods.valid_to,
        row_number() over (
            partition by periods.lead_id, rules.track, periods.valid_from
            order by rules.rule_order
        ) as rule_rank
    from periods
    inner join leads on periods.lead_id = leads.lead_id
    inner join attributes_then
        on
            periods.lead_id = attributes_then.lead_id
            and periods.valid_from = attributes_then.valid_from
    left join first_signals on periods.lead_id = first_signals.lead_id
    inner join rules
        on
            {%- for condition, value in values.items() %}
            {{ 'and ' if not loop.first }}{{ meets_condition(value, 'rules.' ~ condition) }}
            {%- endfor %}
            {{ and_in_force('rules', 'periods.valid_from') }}

),

-- A pair goes on where the next period has the same one.
compared as (

    select
        *,
        case
            when
                lag(valid_to) over (partition by lead_id, track order by valid_from) = valid_from
                and lag(scoring_model) over (partition by lead_id, track order by valid_from) = scoring_model
                and lag(profile) over (partition by lead_id, track order by valid_from) = profile
                then 0
            else 1
        end as begins
    from matched
    where rule_rank = 1

),

numbered as (

    select
        *,
        sum(begins) over (
            partition by lead_id, track
            order by valid_from
            rows between unbounded preceding and current row
        ) as pair_number
    from compared

),

pairs as (

    select
        lead_id,
        track,
        scoring_model,
        profile,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from numbered
    group by lead_id, track, scoring_model, profile, pair_number

)
{% else %}
pairs as (

    select
        lead_id,
        motion as track,
        motion as scoring_model,
        motion as profile,
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to
    from leads
    where false

)
{% endif %}
select * from pairs
