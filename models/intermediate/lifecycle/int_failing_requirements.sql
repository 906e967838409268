{{ config(materialized='by_lead') }}

-- When a check that is required of a pair (scoring model and profile) of a lead fails, [valid_from, valid_to). What
-- nobody knows holds. Intervals of one check may overlap. Long because it is the list of all checks; those that no
-- profile asks for are left out.
with

required as (

    select * from {{ rows_of_this_run('int_required_checks') }}

),

failing as (

    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        required.events,
        required.in_force_from,
        required.in_force_to,
        checks.valid_from,
        checks.valid_to
    from required
    inner join {{ ref('lead_qualification', 'int_failing_checks') }} as checks
        on
            required.lead_id = checks.lead_id
            and required.check_name = checks.check_name
    {%- if requires_check('score_threshold') or requires_check('high_intent') or requires_check('grade') %}
    union all
    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        required.events,
        required.in_force_from,
        required.in_force_to,
        timeline.valid_from,
        coalesce(timeline.valid_to, {{ never() }}) as valid_to
    from required
    inner join {{ rows_of_this_run('int_score_timeline', 'timeline') }} on {{ same_score('required', 'timeline') }}
    left join {{ dated_policy('grade_scale') }} as lowest_grades
        on
            required.check_name = 'grade'
            and required.min_value = lowest_grades.grade
            {{ and_in_force('lowest_grades', 'timeline.valid_from') }}
    where
        case required.check_name
            when 'score_threshold' then timeline.score < {{ required_number('required') }}
            when 'high_intent' then timeline.high_intent_signals < {{ required_number('required') }}
            when 'grade' then timeline.grade_rank > lowest_grades.grade_rank
            else false
        end
    {%- endif %}
    {%- if requires_bar() %}
    {%- for event, bar in bars_of_events().items() %}
    union all
    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        '{{ event }}' as events,
        required.in_force_from,
        required.in_force_to,
        greatest(timeline.valid_from, profiles.in_force_from) as valid_from,
        least(coalesce(timeline.valid_to, {{ never() }}), profiles.in_force_to) as valid_to
    from required
    inner join {{ rows_of_this_run('int_score_timeline', 'timeline') }} on {{ same_score('required', 'timeline') }}
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            required.profile = profiles.profile
            and timeline.score < profiles.{{ bar }}
    where
        required.check_name = 'score_threshold'
        and required.min_value is null
        and {{ is_listed("'" ~ event ~ "'", 'required.events') }}
    {%- endfor %}
    {%- endif %}
    {%- if requires_check('recently_engaged') %}
    union all
    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        required.events,
        required.in_force_from,
        required.in_force_to,
        {{ add_days('engagements.engaged_at', required_number('required')) }} as valid_from,
        coalesce(engagements.next_engaged_at, {{ never() }}) as valid_to
    from required
    inner join {{ rows_of_this_run('int_engagements', 'engagements') }} on required.lead_id = engagements.lead_id
    where required.check_name = 'recently_engaged'
    union all
    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        required.events,
        required.in_force_from,
        required.in_force_to,
        {{ beginning() }} as valid_from,
        coalesce(engagements.engaged_at, {{ never() }}) as valid_to
    from required
    left join {{ rows_of_this_run('int_engagements', 'engagements') }}
        on
            required.lead_id = engagements.lead_id
            and engagements.previous_engaged_at is null
    where required.check_name = 'recently_engaged'
    {%- endif %}
    {%- if requires_check('buying_committee') or requires_check('framework_confirmed') %}
    union all
    select
        required.lead_id,
        required.scoring_model,
        required.profile,
        required.check_name,
        required.events,
        required.in_force_from,
        required.in_force_to,
        levels.valid_from,
        levels.valid_to
    from required
    inner join {{ ref('lead_qualification', 'int_holding_checks') }} as levels
        on
            {{ same_score('required', 'levels') }}
            and required.profile = levels.profile
            and required.check_name = levels.check_name
            and required.in_force_from = levels.in_force_from
    where
        case required.check_name
            when 'buying_committee' then levels.found < {{ required_number('required') }}
            else levels.found < 1
        end
    {%- endif %}

),

in_force as (

    select distinct
        lead_id,
        scoring_model,
        profile,
        check_name,
        events,
        greatest(valid_from, in_force_from) as valid_from,
        least(valid_to, in_force_to) as valid_to
    from failing

)

select * from in_force
where valid_from < valid_to
