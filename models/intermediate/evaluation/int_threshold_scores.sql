-- The scores that thresholds are looked for in, with the outcome of each lead: an opportunity in time after
-- the evaluation point, or a win of a lead that sales first touched in the last 365 days. Long because each
-- basis has its own leads.
with

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

deals as (

    select
        lead_id,
        max(case when closed_at >= counts_from or counts_from is null then closed_at end) as last_closed_at,
        count(case when closed_at is null then 1 end) as open_deals
    from {{ ref('lead_qualification', 'int_opportunities') }}
    group by lead_id

),

-- Who was a customer before sales first came leaves nothing to predict.
touched as (

    select
        scores.lead_id,
        scores.scoring_model,
        scores.score,
        scores.bin_from,
        scores.touched_at,
        lead_stages.customer_at is not null as is_converted,
        lead_stages.customer_at is not null
        or (deals.open_deals = 0 and deals.last_closed_at >= scores.touched_at) as is_decided
    from {{ ref('lead_qualification', 'int_first_touch_scores') }} as scores
    inner join lead_stages on scores.lead_id = lead_stages.lead_id
    left join deals on scores.lead_id = deals.lead_id
    where
        scores.touched_at > {{ add_days(as_of(), -365) }}
        and (lead_stages.customer_at is null or lead_stages.customer_at >= scores.touched_at)

),

threshold_scores as (

    select
        'opportunity' as basis,
        lead_id,
        scoring_model,
        score,
        bin_from,
        is_converted
    from {{ ref('lead_qualification', 'int_evaluation_scores') }}
    where is_mature
    union all
    select
        'closed_won' as basis,
        touched.lead_id,
        touched.scoring_model,
        touched.score,
        touched.bin_from,
        touched.is_converted
    from touched
    cross join settings
    where
        coalesce(touched.is_decided, false)
        or touched.touched_at < {{ add_days(as_of(), '-settings.cohort_maturity_days') }}

)

select * from threshold_scores
