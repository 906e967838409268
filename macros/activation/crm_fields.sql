{#-
    What the sync writes back and what the raw table says the CRM has: our column -> crm_ column.
    A field is compared only if the raw table has its crm_ column.
-#}
{% macro crm_lead_fields() %}
    {{ return({
        'lifecycle_stage': 'crm_lifecycle_stage',
        'lead_stage': 'crm_lead_stage',
        'lead_score': 'crm_lead_score',
        'lead_grade': 'crm_lead_grade',
        'recommended_action': 'crm_recommended_action',
        'action_owner': 'crm_action_owner',
        'action_due_at': 'crm_action_due_at',
        'nurture_track': 'crm_nurture_track',
        're_engage_on': 'crm_re_engage_on',
        'sql_handed_off_at': 'crm_sql_handed_off_at',
        'recommended_rep_id': 'crm_recommended_rep_id',
        'sla_due_at': 'crm_sla_due_at',
        'held_back_by': 'crm_held_back_by',
        'handoff_context': 'crm_handoff_context',
        'score_reasons': 'crm_score_reasons',
    }) }}
{% endmacro %}

{% macro crm_account_fields() %}
    {{ return({
        'account_score': 'crm_account_score',
        'account_stage': 'crm_account_stage',
        'is_in_market': 'crm_is_in_market',
    }) }}
{% endmacro %}


{#- The columns that a raw table really has, in lower case; none while parsing, all with --no-introspect. -#}
{% macro raw_columns_present(table_name) %}
    {%- if not execute -%}
        {{ return([]) }}
    {%- elif not lead_qualification.looks_up() -%}
        {%- set contract = lead_qualification.raw_contract(table_name) -%}
        {{ return(contract.required + contract.optional) }}
    {%- endif -%}
    {%- set relation = lead_qualification.raw_relation(table_name) -%}
    {%- set stored = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
    {%- if stored is none or not var('has_' ~ table_name, true) -%}
        {{ return([]) }}
    {%- endif -%}
    {{ return(adapter.get_columns_in_relation(stored) | map(attribute='name') | map('lower') | list) }}
{% endmacro %}


{#- Those fields of a sync whose crm_ column the raw table has. -#}
{% macro compared_fields(table_name, fields) %}
    {%- set present = lead_qualification.raw_columns_present(table_name) -%}
    {%- set compared = [] -%}
    {%- for field, crm_column in fields.items() if crm_column in present -%}
        {%- do compared.append(field) -%}
    {%- endfor -%}
    {{ return(compared) }}
{% endmacro %}


{#-
    select list items: what the CRM has of each field of a sync. A text that is a placeholder says that it has
    nothing, unless that very word should be there: then a build after the sync would write it again, and so on.
    desired: the relation of the fields as they should be. records: that of the crm_ columns.
-#}
{% macro known_to_crm(table_name, fields, desired, records) -%}
    {%- set placeholders = lead_qualification.placeholders('text') -%}
    {%- set columns = lead_qualification.raw_contract(table_name).columns -%}
    {%- set written_back = columns | selectattr('kind', 'equalto', 'written_back') | map(attribute='name') | list -%}
    {%- for field, column in fields.items() -%}
        {%- set cell = records ~ '.' ~ column -%}
        {%- if placeholders and column in written_back -%}
        case
            when lower({{ cell }}) not in ({{ placeholders | join(', ') }}) or {{ cell }} = {{ desired }}.{{ field }} then {{ cell }}
        end as {{ column }}
        {%- else -%}
        {{ cell }}
        {%- endif -%}
        {{- ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#-
    select list items of a sync over a CTE that has the desired fields and the crm_ columns:
    changed_fields (null where nothing differs), is_first_sync, row_hash.
-#}
{% macro sync_columns(key, fields, compared) -%}
    {%- set text = dbt.type_string() -%}
    {%- if compared -%}
    nullif({{ lead_qualification.changed_field_names(compared, fields) }}, '') as changed_fields,
        {% for field in compared %}{{ fields[field] }} is null{{ ' and ' if not loop.last }}{% endfor %} as is_first_sync,
    {%- else -%}
    'all' as changed_fields,
        true as is_first_sync,
    {%- endif %}
        {{ lead_qualification.md5_text(lead_qualification.joined_cells(key, fields)) }} as row_hash
{%- endmacro %}


{#- The cells of a row as one text, with bars between them. -#}
{% macro joined_cells(key, fields) -%}
    cast({{ key }} as {{ dbt.type_string() }})
        {%- for field in fields %} || '|' || coalesce(cast({{ field }} as {{ dbt.type_string() }}), ''){% endfor %}
{%- endmacro %}


{#- The names of the fields that differ from what the CRM has, with commas between them. -#}
{% macro changed_field_names(compared, fields) -%}
    substr(
            {% for field in compared -%}
            case when {{ field }} is distinct from {{ fields[field] }} then ', {{ field }}' else '' end
            {{- ' || ' if not loop.last }}
            {% endfor -%}
            , 3
        )
{%- endmacro %}


{#-
    Whether a lead is a record of the CRM that the sync writes to. Of several connectors the first that brings
    leads is the CRM of record; the ids of all others begin with the connector's name, as in marketo-3001. Where
    leads say in crm_object what they are in the CRM, one that says nothing is not there.
-#}
{% macro is_crm_record(lead_id, crm_object) -%}
    (
        (
            {{ crm_object }} is not null
            or not exists (
                select 1 from {{ ref('lead_qualification', 'stg_crm__leads') }} as crm_leads where crm_leads.crm_object is not null
            )
        )
        {%- for connector in var('connectors', {}) %}
        {%- set prefix = connector ~ '-' %}
        {%- if not loop.first %}
        and substr({{ lead_id }}, 1, {{ prefix | length }}) <> '{{ prefix }}'
        {%- endif %}
        {%- endfor %}
    )
{%- endmacro %}


{#- What sales should know of a lead that it was handed, as one text: what was known at the hand-off. -#}
{% macro handoff_context(handoffs) -%}
    {%- set text = dbt.type_string() -%}
    'Handed over by ' || {{ handoffs }}.trigger_event || coalesce(' (' || {{ handoffs }}.trigger_signal || ')', '')
        || '; score ' || cast(cast(floor({{ handoffs }}.score + 0.5) as integer) as {{ text }})
        || ', ' || {{ handoffs }}.score_band || ', grade ' || {{ handoffs }}.grade
        || '; channel ' || {{ handoffs }}.channel
        || coalesce('; campaign ' || {{ handoffs }}.latest_campaign_id, '')
        || coalesce('; industry ' || {{ handoffs }}.industry, '')
        || coalesce('; employees ' || cast({{ handoffs }}.employee_count as {{ text }}), '')
        || '; pages visited ' || cast({{ handoffs }}.pages_visited as {{ text }})
        || ', links clicked ' || cast({{ handoffs }}.links_clicked as {{ text }})
        || ', content downloaded ' || cast({{ handoffs }}.content_downloaded as {{ text }})
        || ', sales touches ' || cast({{ handoffs }}.sales_touches as {{ text }})
{%- endmacro %}
