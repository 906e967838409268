{{ config(materialized='view', tags=['work']) }}

-- The attributes of accounts that fit rules may look at, one row each; a missing value is a null.
{%- set account_attributes = {
    'industry': 'industry', 'employee_count': 'employee_count', 'country': 'country',
    'is_competitor': 'is_competitor', 'account_status': 'status'} %}
with

accounts as (

    select * from {{ ref('lead_qualification', 'int_current_accounts') }}

),

attributes as (
    {% for attribute, column in account_attributes.items() %}
    select
        account_id,
        '{{ attribute }}' as attribute,
        lower(cast({{ column }} as {{ dbt.type_string() }})) as attribute_value
    from accounts
    union all
    {%- endfor %}
    select
        changed.record_id as account_id,
        changed.attribute,
        lower(changed.attribute_value) as attribute_value
    from {{ ref('lead_qualification', 'int_attribute_values') }} as changed
    inner join {{ policy('attributes') }} as custom_attributes
        on
            changed.object = custom_attributes.object
            and changed.attribute = custom_attributes.attribute
    where
        changed.object = 'account'
        and changed.valid_to = {{ never() }}

)

select * from attributes
