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
        {{ add_months('first_months.first_month', 'numbers.number') }} as starts_at,
        {{ add_months('first_months.first_month', 'numbers.number + 1') }} as ends_at
    from numbers
    cross join first_months
    where {{ add_months('first_months.first_month', 'numbers.number') }} <= {{ as_of() }}

)

select
    cast(starts_at as date) as month,
    starts_at,
    ends_at
from months
