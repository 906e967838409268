-- The versions of the policy: the periods into which the dates of all dated rows cut time. With the var
-- policy_in_force: latest one, without bounds.
with

boundaries as (

    select {{ beginning() }} as starts_at
    {%- if not restates_with_latest_policy() %}
    union distinct
    select instant as starts_at
    from {{ ref('lead_qualification', 'int_policy_dates') }}
    {%- endif %}

),

numbered as (

    select
        cast(row_number() over (order by starts_at) as integer) as policy_version,
        starts_at,
        coalesce(lead(starts_at) over (order by starts_at), {{ never() }}) as ends_at
    from boundaries
    where starts_at is not null

),

versions as (

    select
        policy_version,
        starts_at,
        ends_at,
        nullif(starts_at, {{ beginning() }}) as valid_from,
        nullif(ends_at, {{ never() }}) as valid_to,
        starts_at <= {{ as_of() }} and ends_at > {{ as_of() }} as is_current
    from numbered

)

select * from versions
