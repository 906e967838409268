{{ config(materialized='ephemeral') }}

-- The checks that hold by number: people of the account who engaged lately, frameworks of the profile that stand
-- confirmed. How many count from an instant on, until the next of the pair; those that no profile asks for are left out.
-- Long because both end in one count.
with

required as (

    select * from {{ rows_of_this_run('int_required_checks') }}
    where check_name in ('buying_committee', 'framework_confirmed')

),

{% if requires_check('buying_committee') %}
windows as (

    select
        value as days,
        in_force_from,
        in_force_to
    from {{ dated_policy('lifecycle_settings') }} as lifecycle_settings
    where setting = 'account_window_days'

),

members as (

    select
        required.lead_id,
        required.lead_id as person_id
    from required
    where required.check_name = 'buying_committee'
    union distinct
    select
        required.lead_id,
        people.lead_id as person_id
    from required
    inner join {{ ref('lead_qualification', 'int_leads') }} as leads on required.lead_id = leads.lead_id
    inner join {{ ref('lead_qualification', 'int_leads') }} as people on leads.account_id = people.account_id
    where required.check_name = 'buying_committee'

),

-- While a person counts; one that engages again in time goes on counting.
engaged as (

    select
        members.lead_id,
        greatest(engagements.engaged_at, windows.in_force_from) as valid_from,
        least(
            {{ add_days('engagements.engaged_at', 'windows.days') }},
            coalesce(engagements.next_engaged_at, {{ never() }}),
            windows.in_force_to
        ) as valid_to
    from members
    inner join {{ ref('lead_qualification', 'int_engagements') }} as engagements on members.person_id = engagements.lead_id
    inner join windows
        on
            engagements.engaged_at < windows.in_force_to
            and {{ add_days('engagements.engaged_at', 'windows.days') }} > windows.in_force_from

),
{% endif %}
{% if requires_check('framework_confirmed') %}
standing as (

    select
        lead_id,
        framework,
        is_confirmed,
        occurred_at as valid_from,
        coalesce(lead(occurred_at) over (partition by lead_id, framework order by occurred_at), {{ never() }}) as valid_to
    from {{ rows_of_this_run('int_framework_events') }}

),

confirmed as (

    select
        standing.lead_id,
        profiles.profile,
        greatest(standing.valid_from, profiles.in_force_from) as valid_from,
        least(standing.valid_to, profiles.in_force_to) as valid_to
    from standing
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            {{ is_listed('standing.framework', 'profiles.qualifying_frameworks') }}
            and standing.valid_from < profiles.in_force_to
            and standing.valid_to > profiles.in_force_from
    where standing.is_confirmed

),
{% endif %}
counted as (
    {% if requires_check('buying_committee') %}
    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        required.in_force_from,
        engaged.valid_from,
        engaged.valid_to
    from required
    inner join engaged on required.lead_id = engaged.lead_id
    where required.check_name = 'buying_committee' and engaged.valid_from < engaged.valid_to
    union all
    {%- endif %}
    {% if requires_check('framework_confirmed') %}
    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        required.in_force_from,
        confirmed.valid_from,
        confirmed.valid_to
    from required
    inner join confirmed
        on
            required.lead_id = confirmed.lead_id
            and required.profile = confirmed.profile
    where required.check_name = 'framework_confirmed'
    union all
    {%- endif %}
    select
        lead_id,
        scoring_model,
        profile,
        check_name,
        in_force_from,
        in_force_from as valid_from,
        in_force_from as valid_to
    from required

),

edges as (

    select
        lead_id,
        scoring_model,
        profile,
        check_name,
        in_force_from,
        valid_from as instant,
        1 as found_change
    from counted
    union all
    select
        lead_id,
        scoring_model,
        profile,
        check_name,
        in_force_from,
        valid_to as instant,
        -1 as found_change
    from counted

),

instants as (

    select
        lead_id,
        scoring_model,
        profile,
        check_name,
        in_force_from,
        instant,
        sum(found_change) as found_change
    from edges
    group by lead_id, scoring_model, profile, check_name, in_force_from, instant

),

levels as (

    select
        lead_id,
        scoring_model,
        profile,
        check_name,
        in_force_from,
        instant as valid_from,
        coalesce(
            lead(instant) over (
                partition by lead_id, scoring_model, profile, check_name, in_force_from
                order by instant
            ), {{ never() }}
        ) as valid_to,
        sum(found_change) over (
            partition by lead_id, scoring_model, profile, check_name, in_force_from
            order by instant
            rows between unbounded preceding and current row
        ) as found
    from instants

)

select * from levels
