{{ config(post_hook="{{ lead_qualification.tell_leads_of_run(this) }}") }}

-- The leads whose rows this run recomputes: what they are made of changed since the last finished run,
-- they are new or gone, an instant of theirs is due, or a run before was not finished.
-- depends_on: {{ ref('lead_qualification', 'int_run_scope') }}
{%- set scope = run_scope() if is_run() else {'whole_because': 'nothing runs'} %}
{%- set fingerprints = ref('lead_qualification', 'int_lead_fingerprints') %}
with

leads_of_run as (
    {% if scope['whole_because'] %}
    select lead_id from {{ fingerprints }}
    {% else %}
    select coalesce(fingerprints.lead_id, finished.lead_id) as lead_id
    from {{ fingerprints }} as fingerprints
    full outer join {{ relation_of('int_finished_run') }} as finished on fingerprints.lead_id = finished.lead_id
    where fingerprints.fingerprint is distinct from finished.fingerprint
    {%- for model, columns in due_columns().items() %}
    {%- for column in columns %}
    union distinct
    select lead_id
    from {{ relation_of(model) }}
    where
        {{ column }} > cast('{{ scope['finished_as_of'] }}' as timestamp)
        and {{ column }} <= {{ as_of() }}
    {%- endfor %}
    {%- endfor %}
    {%- if scope['follows_unfinished'] %}
    union distinct
    select lead_id from {{ this }}
    {%- endif %}
    {%- endif %}

)

select * from leads_of_run
