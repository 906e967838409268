{{ config(materialized='by_lead') }}

-- The owner of a stay is that of its profile and of the rules in force when it is entered; what a regression
-- sends back is marketing's. Long because profiles and versions may differ, each left out where they do not.
with

owners as (

    select * from {{ dated_policy('stage_owners') }} as stage_owners

),

{% if has_owners_by_profile() %}
lead_profiles as (

    {{ lead_profiles() }}

),
{% endif %}
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

owned as (

    select
        history.lead_id,
        history.stage_number,
        history.stage,
        case
            when history.is_regression then 'marketing'
            else {{ 'coalesce(owners_of_profile.owner, owners.owner)' if has_owners_by_profile() else 'owners.owner' }}
        end as owner,
        history.entered_at,
        history.exited_at,
        history.entered_by,
        history.reason_code,
        history.is_regression,
        history.cooldown_until
    from history
    inner join owners
        on
            history.stage = owners.stage
            and owners.profile is null
            {{ and_in_force('owners', 'history.entered_at') }}
    {%- if has_owners_by_profile() %}
    inner join lead_profiles
        on
            history.lead_id = lead_profiles.lead_id
            {{ and_profile_at('history.entered_at') }}
    left join owners as owners_of_profile
        on
            history.stage = owners_of_profile.stage
            and lead_profiles.profile = owners_of_profile.profile
            {{ and_in_force('owners_of_profile', 'history.entered_at') }}
    {%- endif %}

),

versioned as (

    select
        owned.*,
        {{ 'versions.policy_version' if has_policy_versions() else 1 }} as policy_version
    from owned
    {%- if has_policy_versions() %}
    inner join {{ ref('lead_qualification', 'int_policy_versions') }} as versions
        on
            owned.entered_at >= versions.starts_at
            and owned.entered_at < versions.ends_at
    {%- endif %}

)

select * from versioned
