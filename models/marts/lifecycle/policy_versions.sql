-- The versions of the policy, what changes with each, and how many leads became an MQL or were proposed to sales
-- in it. Long because changes are read, dated and listed one after the other.
with

versions as (

    select * from {{ ref('lead_qualification', 'int_policy_versions') }}

),

written_changes as (
    {% for table_name, key in dated_table_keys().items() %}
    {%- for column, word in [('valid_from', 'begins'), ('valid_to', 'ends')] %}
    select
        '{{ table_name }}' as policy_table,
        trim(cast({{ column }} as {{ dbt.type_string() }})) as given,
        '{{ table_name }} ' || {{ policy_row(key) }} || ' {{ word }}' as change_text
    from {{ policy(table_name) }} as {{ table_name }}_rows
    where {{ column }} is not null
    {{ 'union all' if not (loop.last and table_name == (dated_tables() | last)) }}
    {%- endfor %}
    {%- endfor %}
),

row_changes as (

    select
        dates.instant as changed_at,
        written_changes.change_text
    from written_changes
    inner join {{ ref('lead_qualification', 'int_policy_dates') }} as dates
        on
            written_changes.policy_table = dates.policy_table
            and written_changes.given = dates.given
    where dates.instant is not null

),

ranked_changes as (

    select
        changed_at,
        change_text,
        row_number() over (partition by changed_at order by {{ bytewise('change_text') }}) as change_rank
    from row_changes

),

listed_changes as (

    select
        changed_at,
        {{ joined_texts('change_text', '; ', 'change_rank') }} as changes
    from ranked_changes
    group by changed_at

),

entries as (

    select
        mql_at as entered_at,
        1 as mqls,
        0 as sql_proposed
    from {{ ref('lead_qualification', 'lead_stages') }}
    where mql_at is not null
    union all
    select
        sql_proposed_at as entered_at,
        0 as mqls,
        1 as sql_proposed
    from {{ ref('lead_qualification', 'lead_stages') }}
    where sql_proposed_at is not null

),

counted_entries as (

    select
        versions.policy_version,
        cast(sum(entries.mqls) as integer) as mqls,
        cast(sum(entries.sql_proposed) as integer) as sql_proposed
    from versions
    inner join entries on versions.starts_at <= entries.entered_at and versions.ends_at > entries.entered_at
    group by versions.policy_version

),

policy_versions as (

    select
        versions.policy_version,
        versions.valid_from,
        versions.valid_to,
        listed_changes.changes,
        versions.is_current,
        coalesce(counted_entries.mqls, 0) as mqls,
        coalesce(counted_entries.sql_proposed, 0) as sql_proposed,
        {{ as_of() }} as as_of
    from versions
    left join counted_entries on versions.policy_version = counted_entries.policy_version
    left join listed_changes on versions.starts_at = listed_changes.changed_at

)

select * from policy_versions
