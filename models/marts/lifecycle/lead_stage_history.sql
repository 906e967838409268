{{ config(materialized='by_lead') }}

with

entries as (

    select * from {{ rows_of_this_run('int_stage_machine') }}
    where is_entry

),

history as (

    select
        lead_id,
        stage_number,
        stage,
        entered_at,
        lead(entered_at) over (
            partition by lead_id
            order by stage_number
        ) as exited_at,
        entered_by,
        reason_code,
        is_regression,
        sets_cooldown_until as cooldown_until
    from entries

),

versioned as (

    select
        history.*,
        {{ 'versions.policy_version' if has_policy_versions() else 1 }} as policy_version
    from history
    {%- if has_policy_versions() %}
    inner join {{ ref('lead_qualification', 'int_policy_versions') }} as versions
        on
            history.entered_at >= versions.starts_at
            and history.entered_at < versions.ends_at
    {%- endif %}

)

select * from versioned
