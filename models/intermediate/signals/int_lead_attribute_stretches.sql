-- The values that an attribute of a lead had, as the rules see it, [valid_from, valid_to), of those alone
-- that ever changed with the lead or with its account. Long because lead and account each have a value
-- of their own, with or without a history.
{%- set of_lead = {'industry': 'industry', 'employee_count': 'employee_count', 'annual_revenue': 'annual_revenue',
    'country': 'country', 'job_title': 'job_title'} %}
{%- set of_account = {'industry': 'industry', 'employee_count': 'employee_count', 'annual_revenue': 'annual_revenue',
    'country': 'country', 'is_competitor': 'is_competitor', 'account_status': 'status',
    'is_target_account': 'is_target_account'} %}
with

leads as (

    select
        lead_id,
        account_id
    from {{ ref('lead_qualification', 'int_leads') }}

),

changed as (

    select
        object,
        record_id,
        case when attribute = 'status' then 'account_status' else attribute end as attribute,
        attribute_value,
        valid_from,
        valid_to
    from {{ ref('lead_qualification', 'int_attribute_values') }}

),

changed_leads as (

    select
        leads.lead_id,
        leads.account_id,
        changed.attribute
    from leads
    inner join changed on leads.lead_id = changed.record_id
    where changed.object = 'lead'
    union distinct
    select
        leads.lead_id,
        leads.account_id,
        changed.attribute
    from leads
    inner join changed on leads.account_id = changed.record_id
    where changed.object = 'account'

),

unchanged as (
    {% for attribute, column in of_lead.items() %}
    select
        'lead' as object,
        leads.lead_id as record_id,
        '{{ attribute }}' as attribute,
        cast(leads.{{ column }} as {{ dbt.type_string() }}) as attribute_value
    from {{ ref('lead_qualification', 'int_current_leads') }} as leads
    where leads.lead_id in (select changed_leads.lead_id from changed_leads)
    union all
    {%- endfor %}
    {%- for attribute, column in of_account.items() %}
    select
        'account' as object,
        companies.account_id as record_id,
        '{{ attribute }}' as attribute,
        cast(companies.{{ column }} as {{ dbt.type_string() }}) as attribute_value
    from {{ ref('lead_qualification', 'int_current_accounts') }} as companies
    where companies.account_id in (select changed_leads.account_id from changed_leads)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

{% for object in ['lead', 'account'] %}
of_{{ object }} as (

    select
        changed_leads.lead_id,
        changed_leads.attribute,
        case when changed.record_id is not null then changed.attribute_value else unchanged.attribute_value end as attribute_value,
        coalesce(changed.valid_from, {{ beginning() }}) as valid_from,
        coalesce(changed.valid_to, {{ never() }}) as valid_to
    from changed_leads
    left join changed
        on
            changed.object = '{{ object }}'
            and changed_leads.{{ object }}_id = changed.record_id
            and changed_leads.attribute = changed.attribute
    left join unchanged
        on
            unchanged.object = '{{ object }}'
            and changed_leads.{{ object }}_id = unchanged.record_id
            and changed_leads.attribute = unchanged.attribute

),
{% endfor %}
combined as (

    select
        of_lead.lead_id,
        of_lead.attribute,
        case
            when of_lead.attribute = 'country' then coalesce(of_lead.attribute_value, of_account.attribute_value)
            else coalesce(of_account.attribute_value, of_lead.attribute_value)
        end as attribute_value,
        greatest(of_lead.valid_from, of_account.valid_from) as valid_from
    from of_lead
    inner join of_account
        on
            of_lead.lead_id = of_account.lead_id
            and of_lead.attribute = of_account.attribute
            and of_lead.valid_from < of_account.valid_to
            and of_lead.valid_to > of_account.valid_from

),

compared as (

    select
        *,
        lag(valid_from) over (partition by lead_id, attribute order by valid_from) as previous_valid_from,
        lag(attribute_value) over (partition by lead_id, attribute order by valid_from) as previous_value
    from combined

),

stretches as (

    select
        lead_id,
        attribute,
        attribute_value,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by lead_id, attribute order by valid_from), {{ never() }}
        ) as valid_to
    from compared
    where previous_valid_from is null or attribute_value is distinct from previous_value

)

select * from stretches
