{#-
    What a snapshot of attributes reads: the records as they are, at as_of. A column that the extract does
    not have keeps the value that the snapshot has. With an as_of that is not after the newest change in the
    snapshot nothing, so that the past stays what it is.
-#}
{% macro attributes_to_remember(object, model_name) -%}
    {%- set exists = execute and load_cached_relation(this) is not none -%}
    {%- set absent = [] -%}
    {%- for attribute in lead_qualification.tracked_attributes()[object] if exists and not lead_qualification.arrives(object ~ 's', attribute) -%}
        {%- do absent.append(attribute) -%}
    {%- endfor -%}
select
    records.{{ object }}_id,
    {%- for attribute in lead_qualification.tracked_attributes()[object] %}
    {{ 'remembered' if attribute in absent else 'records' }}.{{ attribute }},
    {%- endfor %}
    {{ lead_qualification.as_of() }} as as_of
from {{ ref('lead_qualification', model_name) }} as records
    {%- if absent %}
left join {{ this }} as remembered
    on
        records.{{ object }}_id = remembered.{{ object }}_id
        and remembered.dbt_valid_to is null
    {%- endif %}
    {%- if object == 'lead' %}
left join {{ ref('lead_qualification', 'int_erased_leads') }} as erased_leads on records.lead_id = erased_leads.lead_id
    {%- endif %}
where
    1 = 1
    {%- if object == 'lead' %}
    and erased_leads.lead_id is null
    {%- endif %}
    {%- if exists %}
    and not exists (select 1 from {{ this }} as newest where newest.dbt_valid_from >= {{ lead_qualification.as_of() }})
    {%- endif %}
{%- endmacro %}


{#- After a snapshot: nothing of an erased lead stays in it. -#}
{% macro forget_erased(relation, object) -%}
    {%- if object == 'lead' -%}
    delete from {{ relation }}
    where lead_id in (select lead_id from {{ ref('lead_qualification', 'int_erased_leads') }})
    {%- endif -%}
{%- endmacro %}


{#-
    The changes of attributes that count, by the var attribute_history, in the columns of int_attribute_changes.
    A snapshot knows no attribute of attributes.csv: records have no column for it.
-#}
{% macro changes_that_count() -%}
    {%- if var('attribute_history') not in ('table', 'snapshot', 'none') -%}
        {{ exceptions.raise_compiler_error(
            'The var attribute_history is ' ~ var('attribute_history') ~ '; it is table, snapshot or none.') }}
    {%- endif -%}
    {%- if var('attribute_history') != 'snapshot' -%}
    select * from {{ ref('lead_qualification', 'int_attribute_changes') }}
    where outcome = 'used'
    {%- else -%}
    select
        change_id,
        object,
        record_id,
        attribute,
        old_value,
        new_value,
        changed_at
    from {{ ref('lead_qualification', 'int_attribute_changes') }}
    where outcome = 'used'
    {%- for object, attributes in lead_qualification.tracked_attributes().items() %}
    {%- for attribute in attributes %}
    union all
    select
        later.{{ object }}_id || ' ' || '{{ attribute }}' as change_id,
        '{{ object }}' as object,
        later.{{ object }}_id as record_id,
        '{{ attribute }}' as attribute,
        cast(earlier.{{ attribute }} as {{ dbt.type_string() }}) as old_value,
        cast(later.{{ attribute }} as {{ dbt.type_string() }}) as new_value,
        later.dbt_valid_from as changed_at
    from {{ ref('lead_qualification', object ~ '_attributes') }} as later
    inner join {{ ref('lead_qualification', object ~ '_attributes') }} as earlier
        on
            later.{{ object }}_id = earlier.{{ object }}_id
            and later.dbt_valid_from = earlier.dbt_valid_to
    {%- if object == 'lead' %}
    inner join {{ ref('lead_qualification', 'int_lead_records') }} as records
        on
            later.lead_id = records.record_id
            and later.lead_id = records.lead_id
    {%- endif %}
    where later.{{ attribute }} is distinct from earlier.{{ attribute }}
    {%- endfor %}
    {%- endfor %}
    {%- endif -%}
{%- endmacro %}
