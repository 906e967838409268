{{ config(materialized=kept_as_view()) }}

-- What the rules see of a lead, over time: each attribute from first_seen_at on, without a gap. Long because
-- the company segment follows the number of employees.
{%- set attributes = {
    'industry': 'industry', 'employee_count': 'employee_count', 'job_title': 'job_title', 'country': 'country',
    'is_competitor': 'is_competitor', 'account_status': 'account_status', 'is_target_account': 'is_target_account',
    'annual_revenue': 'annual_revenue'} %}
with

leads as (

    select
        leads.*,
        first_seen.first_seen_at
    from {{ ref('lead_qualification', 'int_leads') }} as leads
    inner join {{ ref('lead_qualification', 'int_lead_first_seen') }} as first_seen on leads.lead_id = first_seen.lead_id

),

current_values as (
    {% for attribute, column in attributes.items() %}
    select
        lead_id,
        first_seen_at,
        '{{ attribute }}' as attribute,
        cast({{ column }} as {{ dbt.type_string() }}) as attribute_value
    from leads
    union all
    {%- endfor %}
    select
        leads.lead_id,
        leads.first_seen_at,
        custom_attributes.attribute,
        cast(null as {{ dbt.type_string() }}) as attribute_value
    from leads
    cross join {{ policy('attributes') }} as custom_attributes

),

values_then as (

    select
        current_values.lead_id,
        current_values.attribute,
        case
            when stretches.lead_id is not null then stretches.attribute_value
            else current_values.attribute_value
        end as attribute_value,
        greatest(coalesce(stretches.valid_from, current_values.first_seen_at), current_values.first_seen_at) as valid_from
    from current_values
    left join {{ ref('lead_qualification', 'int_lead_attribute_stretches') }} as stretches
        on
            current_values.lead_id = stretches.lead_id
            and current_values.attribute = stretches.attribute
    where stretches.valid_to is null or stretches.valid_to > current_values.first_seen_at

),

with_segment as (

    select * from values_then
    union all
    select
        lead_id,
        'company_segment' as attribute,
        {{ company_segment('cast(attribute_value as integer)') }} as attribute_value,
        valid_from
    from values_then
    where attribute = 'employee_count'

),

compared as (

    select
        *,
        row_number() over (partition by lead_id, attribute order by valid_from) as row_rank,
        lag(attribute_value) over (partition by lead_id, attribute order by valid_from) as previous_value
    from with_segment

),

history as (

    select
        lead_id,
        attribute,
        attribute_value as {{ adapter.quote('value') }},
        valid_from,
        lead(valid_from) over (partition by lead_id, attribute order by valid_from) as valid_to
    from compared
    where row_rank = 1 or attribute_value is distinct from previous_value

)

select * from history
