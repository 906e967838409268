-- Raw rows that nothing is made of, in groups: unusable, older versions of a record, repetitions, and
-- what happens after as_of. An erased person's are erased, whatever else they are. Long because
-- costs, which add up, have no versions like everything else.
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with

costs as (

    select
        cost_date,
        case
            when
                received_at < max(received_at) over (partition by campaign_id, cost_date)
                or (received_at is null and max(received_at) over (partition by campaign_id, cost_date) is not null)
                then 'superseded'
            when row_number() over (partition by campaign_id, cost_date, cost, received_at order by cost_date) > 1 then 'repeated'
            when cast(cost_date as timestamp) > {{ as_of() }} then 'after_as_of'
        end as outcome
    from {{ ref('lead_qualification', 'base_crm__campaign_costs') }}
    where row_problem is null

),

unread as (
    {% for source_name, contract in raw_contracts().items() %}
    {%- set contract = raw_contract(source_name) %}
    {%- set names = contract.columns | map(attribute='name') | list %}
    {%- set identifiers %}
        {{ 'lead_id' if 'lead_id' in names else no_text }} as lead_id,
        {{ 'email' if 'email' in names and source_name != 'sales_reps' else no_text }} as email,
        {{ 'anonymous_id' if 'anonymous_id' in names else no_text }} as anonymous_id,
        cast({{ contract.happened or 'null' }} as timestamp) as occurred_at
    {%- endset %}
    select
        '{{ source_name }}' as source,
        'unusable' as outcome,
        {{ identifiers }}
    from {{ ref('lead_qualification', contract.base) }}
    where row_problem is not null
    union all
    {%- if source_name == 'campaign_costs' %}
    select
        '{{ source_name }}' as source,
        outcome,
        {{ no_text }} as lead_id,
        {{ no_text }} as email,
        {{ no_text }} as anonymous_id,
        cast(cost_date as timestamp) as occurred_at
    from costs
    where outcome is not null
    {%- else %}
    select
        '{{ source_name }}' as source,
        case
            when version_rank = 1 then 'repeated'
            {%- if version_time(contract) %}
            when {{ contract.newest }} < newest_version or ({{ contract.newest }} is null and newest_version is not null)
                then 'superseded'
            {%- endif %}
            else 'conflicting'
        end as outcome,
        {{ identifiers }}
    from (
        {{ ranked_versions(ref('lead_qualification', contract.base), contract) }}
    ) as {{ source_name }}_versions
    where version > 1 and row_problem is null
    {%- if contract.happened %}
    union all
    select
        '{{ source_name }}' as source,
        'after_as_of' as outcome,
        {{ identifiers }}
    from {{ ref('lead_qualification', contract.base.replace('base_', 'stg_', 1)) }}
    where {{ contract.happened }} > {{ as_of() }}
    {%- endif %}
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

owned as (

    {{ owners_of('unread', ['source', 'outcome'], visitors=true) }}

),

counted as (

    select
        source,
        case when is_erased then 'erased' else outcome end as outcome,
        cast(count(*) as integer) as raw_rows
    from owned
    group by source, case when is_erased then 'erased' else outcome end

)

select * from counted
