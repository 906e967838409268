{{ config(materialized=kept_as_view()) }}

-- Which models score which lead at as_of: its primary one, and each active one that knows a signal of it.
{%- do needs('int_scored_periods') %}
with

lead_models as (

    select
        stretches.lead_id,
        stretches.scoring_model,
        stretches.score_key,
        profiles.scoring_model is not null as is_primary,
        {{ 'coalesce(profiles.profile, second_pairs.profile)' if has_changing_pairs() else 'profiles.profile' }} as profile,
        stretches.dormancy_days
    from {{ ref('lead_qualification', 'int_lead_model_stretches') }} as stretches
    left join {{ ref('lead_qualification', 'int_lead_profiles') }} as profiles on {{ same_score('stretches', 'profiles') }}
    {%- if has_changing_pairs() %}
    left join {{ ref('lead_qualification', 'int_lead_pairs') }} as second_pairs
        on
            {{ same_score('stretches', 'second_pairs') }}
            and second_pairs.track = 'second'
            and {{ is_valid_at('second_pairs', as_of()) }}
    {%- endif %}
    {%- if has_bounded_scores() %}
    left join {{ ref('lead_qualification', 'int_scored_periods') }} as scored_periods
        on stretches.score_key = scored_periods.score_key
    {%- endif %}
    where
        stretches.valid_from <= {{ as_of() }}
        and stretches.valid_to > {{ as_of() }}
        {%- if has_bounded_scores() %}
        and coalesce({{ is_valid_at('scored_periods', as_of()) }}, true)
        {%- else %}
        and true
        {%- endif %}

)

select * from lead_models
