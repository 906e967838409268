{#-
    A select of rows with the lead that their lead_id or, if that leads nowhere, their e-mail or, if
    that leads nowhere, their anonymous_id names (lead_id, null where none does), and is_erased: an
    identifier of an erased record decides too, and then there is no lead. An address of an erased
    record that a living one has too decides so before the living one was created.
    rows: a relation with occurred_at and the columns of ids. columns: what else of it is selected.
    ids: which of the three are looked up; email always is.
-#}
{% macro owners_of(rows, columns, ids=['lead_id', 'email']) -%}
    {%- set by_address = 'erased_addresses.email is not null and (erased_addresses.erased_until is null or '
        ~ rows ~ '.occurred_at is null or ' ~ rows ~ '.occurred_at < erased_addresses.erased_until)' -%}
    select
        {%- for column in columns %}
        {{ rows }}.{{ column }},
        {%- endfor %}
        case
            {%- if 'lead_id' in ids %}
            when records.lead_id is not null then records.lead_id
            when erased_leads.lead_id is not null then null
            {%- endif %}
            when {{ by_address }} then null
            {%- if 'anonymous_id' in ids %}
            when addresses.lead_id is not null then addresses.lead_id
            else visitors.lead_id
            {%- else %}
            else addresses.lead_id
            {%- endif %}
        end as lead_id,
        case
            {%- if 'lead_id' in ids %}
            when records.lead_id is not null then false
            when erased_leads.lead_id is not null then true
            {%- endif %}
            when {{ by_address }} then true
            {%- if 'anonymous_id' in ids %}
            when addresses.lead_id is not null then false
            else coalesce(visitors.is_erased, false)
            {%- else %}
            else false
            {%- endif %}
        end as is_erased
    from {{ rows }}
    {%- if 'lead_id' in ids %}
    left join {{ ref('lead_qualification', 'int_lead_records') }} as records on {{ rows }}.lead_id = records.record_id
    left join {{ ref('lead_qualification', 'int_erased_leads') }} as erased_leads on {{ rows }}.lead_id = erased_leads.lead_id
    {%- endif %}
    left join {{ ref('lead_qualification', 'int_lead_addresses') }} as addresses on {{ rows }}.email = addresses.email
    left join {{ ref('lead_qualification', 'int_erased_addresses') }} as erased_addresses on {{ rows }}.email = erased_addresses.email
    {%- if 'anonymous_id' in ids %}
    left join {{ ref('lead_qualification', 'int_anonymous_visitors') }} as visitors on {{ rows }}.anonymous_id = visitors.anonymous_id
    {%- endif %}
{%- endmacro %}
