{{ config(materialized='ephemeral') }}

-- The checks that alone keep the SQL gate of a lead shut at as_of, or a trigger of it waiting, in order of name.
{%- do needs('int_lead_profiles') %}
with

lead_pairs as (

    {{ lead_pairs() }}

),

waiting as (

    select
        levels.lead_id,
        levels.scoring_model,
        levels.profile,
        'sql_gate' as event
    from {{ ref('lead_qualification', 'int_gate_levels') }} as levels
    where
        levels.is_sql_gate_held_back
        and {{ is_valid_at('levels', as_of()) }}
    union distinct
    select
        triggers.lead_id,
        lead_pairs.scoring_model,
        lead_pairs.profile,
        triggers.event
    from {{ ref('lead_qualification', 'int_signal_events') }} as triggers
    inner join lead_pairs
        on
            triggers.lead_id = lead_pairs.lead_id
            and {{ is_listed('lead_pairs.track', 'triggers.tracks') }}
            and {{ is_valid_at('lead_pairs', as_of()) }}
    where
        triggers.is_held
        and {{ add_days('triggers.signal_at', lifecycle_setting('remembered_trigger_days')) }} > {{ as_of() }}

),

checks as (

    select distinct
        waiting.lead_id,
        failing.check_name
    from waiting
    inner join {{ ref('lead_qualification', 'int_failing_requirements') }} as failing
        on
            {{ same_score('waiting', 'failing') }}
            and waiting.profile = failing.profile
            and {{ is_listed('waiting.event', 'failing.events') }}
            and {{ is_valid_at('failing', as_of()) }}

),

held_back as (

    select
        lead_id,
        {{ joined_texts('check_name', ', ', 'check_name') }} as held_back_by
    from checks
    group by lead_id

)

select * from held_back
