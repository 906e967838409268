{#-
    What the snapshot handoff_publications reads: the hand-offs that this build shows. Those that are there
    when the first build takes it were shown nobody knows when. With an as_of that is not after the newest
    row nothing, so that what was told stays what it is.
-#}
{% macro handoffs_to_publish() -%}
    {%- set exists = execute and load_cached_relation(this) is not none -%}
select
    handoffs.lead_id,
    handoffs.handed_off_at,
    cast({{ lead_qualification.as_of() if exists else 'null' }} as timestamp) as first_published_at,
    {{ lead_qualification.as_of() }} as as_of
from {{ ref('lead_qualification', 'handoffs') }} as handoffs
    {%- if exists %}
where not exists (select 1 from {{ this }} as newest where newest.dbt_valid_from >= {{ lead_qualification.as_of() }})
    {%- endif %}
{%- endmacro %}


{#-
    A select of lead_id, handed_off_at and told_at of each hand-off that a build has shown; without the var
    handoff_publications of none. One that was there before the first such build was told when it began.
-#}
{% macro told_handoffs() -%}
    {%- if var('handoff_publications') -%}
    select
        records.lead_id,
        publications.handed_off_at,
        coalesce(publications.first_published_at, publications.handed_off_at) as told_at
    from {{ ref('lead_qualification', 'handoff_publications') }} as publications
    inner join {{ ref('lead_qualification', 'int_lead_records') }} as records
        on publications.lead_id = records.record_id
    {%- else -%}
    select
        cast(null as {{ dbt.type_string() }}) as lead_id,
        cast(null as timestamp) as handed_off_at,
        cast(null as timestamp) as told_at
    where 1 = 0
    {%- endif -%}
{%- endmacro %}
