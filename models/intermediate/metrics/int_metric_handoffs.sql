{{ config(materialized='view') }}

-- The time of the hand-off is that of the reports, so that a week of a metric is a week of the public tables.
with

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

metric_handoffs as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        handoffs.channel,
        handoffs.grade,
        handoffs.trigger_signal,
        handoffs.to_owner,
        handoffs.sla_policy,
        handoffs.assigned_rep_id,
        handoffs.reason_code,
        handoffs.is_begun_by_sales,
        handoffs.disposition,
        handoffs.sla_status,
        handoffs.response_minutes,
        handoffs.response_business_minutes,
        handoffs.opportunity_at is not null as has_opportunity,
        {{ report_time('handoffs.handed_off_at') }} as handed_off_local_at,
        {{ is_of_mature_year('handoffs.handed_off_at', 'settings.cohort_maturity_days') }} as is_mature
    from {{ ref('lead_qualification', 'handoffs') }} as handoffs
    cross join settings

)

select * from metric_handoffs
