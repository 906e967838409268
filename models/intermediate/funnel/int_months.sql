{{ config(materialized='ephemeral') }}

-- The months of the reports: from the first that anybody was seen in to that of as_of.
with

first_months as (

    select cast({{ month_of('min(first_seen_at)') }} as timestamp) as first_month
    from {{ ref('lead_qualification', 'lead_stages') }}

),

numbers as (

    {{ whole_numbers(0, 1200) }}

),

months as (

    select
        {{ add_months('first_months.first_month', 'numbers.number') }} as first_local,
        {{ add_months('first_months.first_month', 'numbers.number + 1') }} as end_local
    from numbers
    cross join first_months
    where {{ add_months('first_months.first_month', 'numbers.number') }} <= {{ report_time(as_of()) }}

)

select
    cast(first_local as date) as month,
    {{ instant_of_report('first_local') }} as starts_at,
    {{ instant_of_report('end_local') }} as ends_at
from months
