{{ config(materialized='ephemeral') }}

-- The signals and fit criteria that stood behind the score of each decided hand-off.
with

handoffs as (

    select
        lead_id,
        handoff_number,
        handed_off_at,
        scoring_model,
        disposition = 'rejected' as is_rejected
    from {{ ref('lead_qualification', 'handoffs') }}
    where disposition in ('rejected', 'accepted')

),

contributions as (

    select * from {{ ref('lead_qualification', 'int_score_contributions') }}

),

criteria as (

    select * from {{ ref('lead_qualification', 'int_lead_fit_criteria') }}
    where points <> 0 or is_matched

),

items as (

    select distinct
        handoffs.lead_id,
        handoffs.handoff_number,
        handoffs.scoring_model,
        handoffs.is_rejected,
        'signal' as item_kind,
        contributions.signal as item
    from handoffs
    inner join contributions
        on
            {{ same_score('handoffs', 'contributions') }}
            and handoffs.handed_off_at >= contributions.starts_at
            and (contributions.ends_at is null or handoffs.handed_off_at < contributions.ends_at)
    union all
    select
        handoffs.lead_id,
        handoffs.handoff_number,
        handoffs.scoring_model,
        handoffs.is_rejected,
        'fit_criterion' as item_kind,
        criteria.criterion as item
    from handoffs
    inner join criteria
        on
            {{ same_score('handoffs', 'criteria') }}
            {%- if has_history() %}
            and {{ is_valid_at('criteria', 'handoffs.handed_off_at') }}
            {%- else %}
            and true
            {%- endif %}

)

select * from items
