-- How many leads would each threshold pass, and how many of them become opportunities in time?
-- A lead counts at a threshold from the instant at which its primary score first reached it, whatever
-- its stage was then. So, unlike threshold_recommendation, which looks at leads that became an MQL,
-- a PQL or sales', it also tells of thresholds below today's: no stage has selected the leads.
-- Decays of the score do not matter, the first time does. Rates are over mature_leads: those whose
-- conversion_window_days are over and that had no opportunity before.
-- dbt show --limit 99 --output json --select what_if_threshold --vars '{what_if_step: 5}'
with

history as (

    select * from {{ ref('lead_qualification', 'lead_score_history') }}
    where not is_projected

),

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

current_thresholds as (

    select
        scoring_model,
        min(min_score) as threshold
    from {{ current_policy('score_bands') }} as score_bands
    where is_qualifying
    group by scoring_model

),

primary_models as (

    select distinct scoring_model from lead_stages

),

steps as (

    {{ whole_numbers(1, 40) }}

),

thresholds as (

    select
        primary_models.scoring_model,
        cast(steps.number * {{ var('what_if_step', 10) }} as decimal(18, 4)) as threshold
    from primary_models
    cross join steps
    union
    select
        primary_models.scoring_model,
        cast(current_thresholds.threshold as decimal(18, 4)) as threshold
    from primary_models
    inner join current_thresholds on primary_models.scoring_model = current_thresholds.scoring_model

),

crossings as (

    select
        thresholds.scoring_model,
        thresholds.threshold,
        lead_stages.lead_id,
        lead_stages.opportunity_at,
        min(history.valid_from) as crossed_at
    from lead_stages
    inner join history
        on
            lead_stages.lead_id = history.lead_id
            and lead_stages.scoring_model = history.scoring_model
    inner join thresholds
        on
            history.scoring_model = thresholds.scoring_model
            and history.score >= thresholds.threshold
    group by
        thresholds.scoring_model,
        thresholds.threshold,
        lead_stages.lead_id,
        lead_stages.opportunity_at

),

due as (

    select
        *,
        {{ add_days('crossed_at', lifecycle_setting('conversion_window_days')) }} as outcome_due_at,
        coalesce(opportunity_at < crossed_at, false) as has_opportunity_before
    from crossings

),

judged as (

    select
        *,
        outcome_due_at <= {{ as_of() }} and not has_opportunity_before as is_mature
    from due

),

counted as (

    select
        scoring_model,
        threshold,
        cast(count(*) as integer) as leads,
        cast(count(case when has_opportunity_before then 1 end) as integer) as leads_with_opportunity_before,
        cast(count(case when is_mature then 1 end) as integer) as mature_leads,
        cast(count(case when is_mature and opportunity_at <= outcome_due_at then 1 end) as integer) as converted
    from judged
    group by scoring_model, threshold

),

rated as (

    select
        counted.scoring_model,
        counted.threshold,
        counted.leads,
        counted.mature_leads,
        counted.converted,
        {{ rate_with_interval('conversion_rate', 'counted.converted', 'counted.mature_leads') }},
        counted.leads_with_opportunity_before,
        counted.threshold = current_thresholds.threshold as is_current
    from counted
    inner join current_thresholds on counted.scoring_model = current_thresholds.scoring_model

)

select * from rated
order by scoring_model, threshold
