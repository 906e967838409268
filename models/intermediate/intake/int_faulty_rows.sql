{{ config(materialized='ephemeral') }}

-- Raw rows with a problem: unusable ones, usable ones with values that nobody can read, and costs that
-- add up to one.
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with

costs as (

    select * from {{ ref('lead_qualification', 'base_crm__cost_rows') }}

),

problems as (
    {% for source_name, contract in raw_contracts().items() %}
    {%- set names = contract.columns | map(attribute='name') | list %}
    {#- A lead that can be used is known by its id alone. #}
    {%- set address = 'case when row_problem is not null then email end' if source_name == 'leads' else 'email' %}
    select
        '{{ source_name }}' as source,
        coalesce(given_key, {{ contract.key[0] }}) as record_id,
        {{ lead_of_row(source_name, names) }} as lead_id,
        {{ address if 'email' in names and source_name != 'sales_reps' else no_text }} as email,
        {{ 'anonymous_id' if 'anonymous_id' in names else no_text }} as anonymous_id,
        cast({{ contract.happened or 'null' }} as timestamp) as occurred_at,
        row_problem,
        value_problems,
        raw_row
    from {{ ref('lead_qualification', contract.base) }}
    where row_problem is not null or value_problems is not null
    union all
    {% endfor %}
    select
        'campaign_costs' as source,
        given_key as record_id,
        {{ no_text }} as lead_id,
        {{ no_text }} as email,
        {{ no_text }} as anonymous_id,
        cast(cost_date as timestamp) as occurred_at,
        {{ no_text }} as row_problem,
        'several costs on one day' as value_problems,
        {{ json_object(['campaign_id', 'cost_date', 'cost', 'received_at']) }} as raw_row
    from costs
    where outcome = 'used' and used_rows > 1
)

select * from problems
