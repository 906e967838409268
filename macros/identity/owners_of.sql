{#-
    A select of rows with the lead that their lead_id or, if that leads nowhere, their e-mail names
    (lead_id, null where neither does), and is_erased: an identifier of an erased record decides
    too, and then there is no lead. An address of an erased record that a living one has too
    decides so before the living one was created.
    rows: a relation with lead_id, email and occurred_at. columns: what else of it is selected.
    visitors: with visitors=true the anonymous_id decides where both lead nowhere.
-#}
{% macro owners_of(rows, columns, visitors=false) -%}
    {%- set by_address = 'erased_addresses.email is not null and (erased_addresses.erased_until is null or '
        ~ rows ~ '.occurred_at is null or ' ~ rows ~ '.occurred_at < erased_addresses.erased_until)' -%}
    select
        {%- for column in columns %}
        {{ rows }}.{{ column }},
        {%- endfor %}
        case
            when records.lead_id is not null then records.lead_id
            when erased_leads.lead_id is not null then null
            when {{ by_address }} then null
            {%- if visitors %}
            when addresses.lead_id is not null then addresses.lead_id
            else visitors.lead_id
            {%- else %}
            else addresses.lead_id
            {%- endif %}
        end as lead_id,
        case
            when records.lead_id is not null then false
            when erased_leads.lead_id is not null then true
            when {{ by_address }} then true
            {%- if visitors %}
            when addresses.lead_id is not null then false
            else coalesce(visitors.is_erased, false)
            {%- else %}
            else false
            {%- endif %}
        end as is_erased
    from {{ rows }}
    left join {{ ref('lead_qualification', 'int_lead_records') }} as records on {{ rows }}.lead_id = records.record_id
    left join {{ ref('lead_qualification', 'int_erased_leads') }} as erased_leads on {{ rows }}.lead_id = erased_leads.lead_id
    left join {{ ref('lead_qualification', 'int_lead_addresses') }} as addresses on {{ rows }}.email = addresses.email
    left join {{ ref('lead_qualification', 'int_erased_addresses') }} as erased_addresses on {{ rows }}.email = erased_addresses.email
    {%- if visitors %}
    left join {{ ref('lead_qualification', 'int_anonymous_visitors') }} as visitors on {{ rows }}.anonymous_id = visitors.anonymous_id
    {%- endif %}
{%- endmacro %}
