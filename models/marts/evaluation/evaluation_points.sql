-- Each lead once, at its first entry into mql, pql or a stage of sales: the moment that scores are judged
-- at. Long by its columns.
with

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

settings as (

    select
        cast({{ lifecycle_setting('conversion_window_days') }} as integer) as conversion_window_days,
        {{ rank_of_role('opportunity') }} as opportunity_rank

),

entries as (

    select
        history.lead_id,
        history.stage_number,
        history.stage,
        history.entered_at,
        stages.funnel_rank,
        row_number() over (partition by history.lead_id order by history.stage_number) as entry_rank
    from {{ ref('lead_qualification', 'lead_stage_history') }} as history
    inner join {{ policy('stages') }} as stages on history.stage = stages.stage
    where
        stages.role in ('mql', 'pql')
        or history.owner in ('sdr', 'sales')

),

-- A lead that begins with a deal leaves nothing to predict.
first_entries as (

    select
        entries.lead_id,
        entries.stage_number,
        entries.stage,
        entries.entered_at
    from entries
    cross join settings
    where
        entries.entry_rank = 1
        and entries.funnel_rank < settings.opportunity_rank

),

points as (

    select
        first_entries.lead_id,
        {{ of_deciding_pair('scoring_model') if has_profile_history() else 'lead_stages.scoring_model' }} as scoring_model,
        lead_stages.channel,
        first_entries.entered_at as evaluated_at,
        first_entries.stage as evaluated_stage,
        {{ add_days('first_entries.entered_at', 'settings.conversion_window_days') }} as outcome_due_at,
        lead_stages.opportunity_at
    from first_entries
    inner join lead_stages on first_entries.lead_id = lead_stages.lead_id
    {%- if has_profile_history() %}
    inner join {{ ref('lead_qualification', 'int_lead_profile_history') }} as lead_profiles
        on
            first_entries.lead_id = lead_profiles.lead_id
            and {{ is_valid_at('lead_profiles', 'first_entries.entered_at') }}
    {%- endif %}
    {{ join_deciding_pair('first_entries') }}
    cross join settings

),

judged as (

    select
        *,
        outcome_due_at <= {{ as_of() }} as is_mature,
        opportunity_at is not null and opportunity_at <= outcome_due_at as is_converted,
        {{ as_of() }} as as_of
    from points

)

select * from judged
