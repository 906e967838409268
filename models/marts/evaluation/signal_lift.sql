-- How well each signal predicts conversion. Long because counts, verdicts and suggestion are one
-- judgement, tested as one.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_evaluation_scores') }}
    where is_mature

),

signals as (

    select * from {{ ref('lead_qualification', 'int_evaluation_signals') }}

),

points as (

    select * from {{ current_policy('signal_points') }} as signal_points

),

drivers as (

    select * from {{ ref('lead_qualification', 'rejection_drivers') }}
    where item_kind = 'signal'

),

settings as (

    select
        cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample,
        cast({{ lifecycle_setting('negligible_lift') }} as {{ type_rate() }}) as negligible_lift

),

totals as (

    select
        scoring_model,
        count(*) as leads,
        count(case when is_converted then 1 end) as converted
    from scores
    group by scoring_model

),

seen as (

    select
        scores.scoring_model,
        signals.signal,
        count(*) as leads_with,
        count(case when scores.is_converted then 1 end) as converted_with
    from scores
    inner join signals on scores.lead_id = signals.lead_id
    group by scores.scoring_model, signals.signal

),

judged_signals as (

    select
        scoring_model,
        signal
    from points
    union distinct
    select
        scoring_model,
        signal
    from seen

),

counts as (

    select
        totals.scoring_model,
        judged_signals.signal,
        points.component,
        coalesce(points.points, 0) as current_points,
        drivers.verdict as rejection_verdict,
        {{ with_and_without() }}
    from judged_signals
    inner join totals on judged_signals.scoring_model = totals.scoring_model
    left join seen
        on
            judged_signals.scoring_model = seen.scoring_model
            and judged_signals.signal = seen.signal
    left join points
        on
            judged_signals.scoring_model = points.scoring_model
            and judged_signals.signal = points.signal
    left join drivers
        on
            judged_signals.scoring_model = drivers.scoring_model
            and judged_signals.signal = drivers.item

),

figures as (

    select
        *,
        {{ lift_figures() }}
    from counts

),

verdicts as (

    select
        figures.*,
        settings.negligible_lift,
        {{ verdict_of_z('figures.z_score', 'figures.leads_with', 'figures.leads_without', 'predicts_more', 'predicts_less', 'unclear') }}
            as verdict
    from figures
    cross join settings

),

-- What signals are worth that get more points.
higher_points as (

    select
        verdicts.scoring_model,
        verdicts.signal,
        {{ percentile('higher.lift', 0.5) }} as lift_of_higher_points
    from verdicts
    inner join verdicts as higher
        on
            verdicts.scoring_model = higher.scoring_model
            and verdicts.current_points < higher.current_points
    where higher.verdict <> 'insufficient_data'
    group by verdicts.scoring_model, verdicts.signal

),

suggestions as (

    select
        verdicts.scoring_model,
        verdicts.signal,
        verdicts.component,
        verdicts.current_points,
        verdicts.leads_with,
        verdicts.converted_with,
        verdicts.with_rate,
        verdicts.with_low,
        verdicts.with_high,
        verdicts.leads_without,
        verdicts.converted_without,
        verdicts.without_rate,
        verdicts.without_low,
        verdicts.without_high,
        verdicts.lift,
        verdicts.lift_low,
        verdicts.lift_high,
        verdicts.z_score,
        verdicts.verdict,
        verdicts.rejection_verdict,
        higher_points.lift_of_higher_points,
        {{ points_suggestion() }} as suggestion,
        {{ as_of() }} as as_of
    from verdicts
    left join higher_points
        on
            verdicts.scoring_model = higher_points.scoring_model
            and verdicts.signal = higher_points.signal

)

select * from suggestions
