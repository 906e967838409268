-- Raw rows that nothing is made of, in groups: unusable, older versions of a record, repetitions, and
-- what happens after as_of. An erased person's are erased, whatever else they are. Long because
-- costs, which add up, have no versions like everything else.
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with

costs as (

    select * from {{ ref('lead_qualification', 'base_crm__cost_rows') }}

),

deals_with_living_contacts as (

    select distinct contacts.opportunity_id
    from {{ ref('lead_qualification', 'stg_crm__opportunity_contacts') }} as contacts
    inner join {{ ref('lead_qualification', 'int_lead_records') }} as records on contacts.lead_id = records.record_id

),

unread as (
    {% for source_name, contract in raw_contracts().items() %}
    {%- set contract = raw_contract(source_name) %}
    {%- set names = contract.columns | map(attribute='name') | list %}
    {%- set address %}{{ 'email' if 'email' in names and source_name != 'sales_reps' else no_text }}{% endset %}
    {#- A lead that can be used is known by its id alone. #}
    {%- set address_of_usable = no_text if source_name == 'leads' else address %}
    {%- set identifiers %}
        {% if source_name == 'opportunities' -%}
        case when opportunity_id not in (select opportunity_id from deals_with_living_contacts) then lead_id end
        {%- else -%}
        {{ lead_of_row(source_name, names) }}
        {%- endif %} as lead_id,
        {{ 'anonymous_id' if 'anonymous_id' in names else no_text }} as anonymous_id,
        cast({{ contract.happened or 'null' }} as timestamp) as occurred_at
    {%- endset %}
    select
        '{{ source_name }}' as source,
        'unusable' as outcome,
        {{ address }} as email,
        {{ identifiers }}
    from {{ ref('lead_qualification', contract.base) }}
    where row_problem is not null
    union all
    {%- if source_name == 'campaign_costs' %}
    select
        '{{ source_name }}' as source,
        case when outcome = 'used' then 'after_as_of' else outcome end as outcome,
        {{ no_text }} as email,
        {{ no_text }} as lead_id,
        {{ no_text }} as anonymous_id,
        cast(cost_date as timestamp) as occurred_at
    from costs
    where outcome <> 'used' or cast(cost_date as timestamp) > {{ as_of() }}
    {%- else %}
    select
        '{{ source_name }}' as source,
        case
            when version_rank = 1 then 'repeated'
            when age_rank > 1 then 'superseded'
            else 'conflicting'
        end as outcome,
        {{ address_of_usable }} as email,
        {{ identifiers }}
    from (
        {{ ranked_versions(ref('lead_qualification', contract.base), contract) }}
    ) as {{ source_name }}_versions
    where version > 1 and row_problem is null
    {%- if contract.happened and source_name != 'attribute_changes' %}
    union all
    select
        '{{ source_name }}' as source,
        'after_as_of' as outcome,
        {{ address_of_usable }} as email,
        {{ identifiers }}
    from {{ ref('lead_qualification', contract.base.replace('base_', 'stg_', 1)) }}
    where {{ contract.happened }} > {{ as_of() }}
    {%- endif %}
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

identified as (

    select
        unread.source,
        unread.outcome,
        coalesce(long_keys.record_key, unread.lead_id) as lead_id,
        unread.email,
        unread.anonymous_id,
        unread.occurred_at
    from unread
    left join {{ ref('lead_qualification', 'stg_crm__long_keys') }} as long_keys
        on
            unread.lead_id = long_keys.short_key
            and long_keys.table_name = 'leads'

),

owned as (

    {{ owners_of('identified', ['source', 'outcome'], ids=['lead_id', 'email', 'anonymous_id']) }}

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
