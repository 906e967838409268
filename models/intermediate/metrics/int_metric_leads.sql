{{ config(materialized='view') }}

-- The times of steps are those of the reports, so that a month of a metric is a month of the public tables; what one
-- step was after another is said of the instants, which have no clock change.
with

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

stages as (

    select
        lead_stages.*,
        settings.cohort_maturity_days
    from {{ ref('lead_qualification', 'lead_stages') }} as lead_stages
    cross join settings

),

metric_leads as (

    select
        lead_id,
        scoring_model,
        channel,
        motion,
        company_segment,
        campaign_id,
        intent_class,
        profile,
        stage,
        entry_path,
        {% for step in metric_steps() -%}
        {{ report_time(step ~ '_at') }} as {{ step }}_local_at,
        coalesce({{ is_of_mature_year(step ~ '_at', 'cohort_maturity_days') }}, false) as is_mature_{{ step }},
        {% endfor -%}
        {% for name, condition in funnel_conditions().items() -%}
        coalesce({{ condition }}, false) as is_of_{{ name }},
        {% endfor -%}
        {% for step in ['sql', 'opportunity'] -%}
        coalesce({{ step }}_at >= mql_at and {{ step }}_at < {{ add_days('mql_at', 90) }}, false) as is_{{ step }}_within_90_days,
        {% endfor -%}
        case when customer_at is not null then {{ elapsed_days('first_seen_at', 'customer_at') }} end as days_first_seen_to_won,
        case when customer_at >= sql_at then {{ elapsed_days('sql_at', 'customer_at') }} end as days_sql_to_won
    from stages

)

select * from metric_leads
