-- depends_on: {{ ref('lead_qualification', 'int_lead_fingerprints') }}
-- Whether this run recomputes every lead, and why: one row. If the run does not finish, the next one
-- sees it here.
{%- set policies = policy_relations() if execute else {} %}
{%- set because = whole_because() if execute else 'parsing' %}
{%- set is_before_known = not because and load_cached_relation(this) is not none %}
with

policy_tables as (

    select cast(0 as decimal(38, 0)) as table_hash
    {%- for name, relation in policies.items() %}
    union all
    select {{ sum_of_hashes(hash_of_row(relation, 'policy_rows', name)) }} as table_hash
    from {{ relation }} as policy_rows
    {%- endfor %}

),

this_run as (

    select
        '{{ invocation_id }}' as run_id,
        {{ as_of() }} as as_of,
        '{{ code_checksum() if execute }}' as code_checksum,
        cast(sum(table_hash) as {{ dbt.type_string() }}) as policy_checksum
    from policy_tables

),

finished as (
    {% if because %}
    select
        run_id,
        as_of,
        code_checksum,
        policy_checksum
    from this_run
    where 1 = 0
    {% else %}
    select distinct
        run_id,
        as_of,
        code_checksum,
        policy_checksum
    from {{ relation_of('int_finished_run') }}
    {% endif %}
),

unfinished as (
    {% if is_before_known %}
    select
        last_begun.run_id,
        last_begun.whole_because
    from {{ this }} as last_begun
    left join finished on last_begun.run_id = finished.run_id
    where finished.run_id is null
    {% else %}
    select
        run_id,
        cast(null as {{ dbt.type_string() }}) as whole_because
    from this_run
    where 1 = 0
    {% endif %}
),

scope as (

    select
        this_run.run_id,
        this_run.as_of,
        this_run.code_checksum,
        this_run.policy_checksum,
        finished.as_of as finished_as_of,
        unfinished.run_id is not null as follows_unfinished,
        case
            when {{ "'" ~ because ~ "'" if because else 'null' }} is not null then {{ "'" ~ because ~ "'" if because else 'null' }}
            when finished.run_id is null then 'the last run had no lead'
            when unfinished.whole_because is not null then 'the last run was not finished'
            when this_run.code_checksum <> finished.code_checksum then 'a model, a macro, a var or dbt changed'
            when this_run.policy_checksum <> finished.policy_checksum then 'the policy changed'
            when this_run.as_of < finished.as_of then 'as_of went back'
        end as whole_because
    from this_run
    left join finished on this_run.run_id is not null
    left join unfinished on this_run.run_id is not null

)

select * from scope
