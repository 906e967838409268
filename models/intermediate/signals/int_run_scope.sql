-- Whether this run recomputes every lead, and why: one row. If the run does not finish, the next one
-- sees it here. Long because each reason is looked up by itself.
-- depends_on: {{ ref('lead_qualification', 'int_lead_fingerprints') }}
-- depends_on: {{ ref('lead_qualification', 'int_policy_dates') }}
{%- set because = whole_because() if is_run() else 'nothing runs' %}
with

policy_tables as (

    select {{ sum_of_hashes('zero') }} as table_hash
    from (select 0 as zero) as no_table
    {%- for name, relation in (policy_relations() if is_run() else {}).items() if load_cached_relation(relation) is not none %}
    union all
    select {{ sum_of_hashes(hash_of_row(relation, 'policy_rows', name)) }} as table_hash
    from {{ relation }} as policy_rows
    {%- endfor %}

),

this_run as (

    select
        '{{ invocation_id }}' as run_id,
        {{ as_of() }} as as_of,
        '{{ code_checksum() if is_run() }}' as code_checksum,
        cast(sum(table_hash) as {{ dbt.type_string() }}) as policy_checksum
    from policy_tables

),

{% if because %}

scope as (

    select
        *,
        cast(null as timestamp) as finished_as_of,
        false as follows_unfinished,
        '{{ because }}' as whole_because
    from this_run

)

{% else %}

finished as (

    select distinct
        run_id,
        as_of,
        code_checksum,
        policy_checksum
    from {{ relation_of('int_finished_run') }}

),

-- A rule that began or ended since changes what every lead is judged by.
dates as (

    select
        finished.run_id,
        max(policy_dates.instant) as instant
    from {{ ref('lead_qualification', 'int_policy_dates') }} as policy_dates
    inner join finished
        on
            policy_dates.instant > finished.as_of
            and policy_dates.instant <= {{ as_of() }}
    group by finished.run_id

),

scope as (

    select
        this_run.run_id,
        this_run.as_of,
        this_run.code_checksum,
        this_run.policy_checksum,
        finished.as_of as finished_as_of,
        last_begun.run_id <> finished.run_id as follows_unfinished,
        case
            when last_begun.run_id <> finished.run_id and last_begun.whole_because is not null
                then 'the last run was not finished'
            when this_run.code_checksum <> finished.code_checksum then 'a model, a macro, a var or dbt changed'
            when this_run.policy_checksum <> finished.policy_checksum then 'the policy changed'
            when this_run.as_of < finished.as_of then 'as_of went back'
            when dates.instant is not null then 'a rule of the policy began or ended'
        end as whole_because
    from this_run
    cross join {{ this }} as last_begun
    cross join finished
    left join dates on finished.run_id = dates.run_id

)

{% endif %}

select * from scope
