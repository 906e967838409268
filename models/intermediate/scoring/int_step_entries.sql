-- What counted before a step or counts after it: contributions of signals, and criteria of fit. An entry with other
-- points is another entry. Penalties are there even where both sides have them: what the curve takes away is
-- what they leave of penalty_points. Long because signals and fit are branches of one ledger.
with

steps as (

    select * from {{ ref('lead_qualification', 'int_explained_steps') }}

),

contributions as (

    select * from {{ ref('lead_qualification', 'int_score_contributions') }}

),

criteria as (

    select * from {{ ref('lead_qualification', 'int_lead_fit_criteria') }}
    where points <> 0

),

from_signals as (

    select
        steps.score_key,
        steps.valid_from,
        contributions.component,
        contributions.signal as item,
        contributions.source,
        contributions.record_id,
        contributions.points,
        contributions.starts_at <= steps.previous_from
        and (contributions.ends_at is null or steps.previous_from < contributions.ends_at)
        and (contributions.component = 'penalty' or steps.was_awake) as counted_before,
        contributions.starts_at <= steps.valid_from
        and (contributions.ends_at is null or contributions.ends_at > steps.valid_from)
        and (contributions.component = 'penalty' or steps.is_awake) as counts_now
    from steps
    inner join contributions
        on
            steps.score_key = contributions.score_key
            and steps.valid_from >= contributions.starts_at
            and (contributions.ends_at is null or steps.previous_from < contributions.ends_at)

),

from_fit as (

    select
        steps.score_key,
        steps.valid_from,
        case when criteria.points > 0 then 'fit' else 'penalty' end as component,
        criteria.criterion as item,
        'fit_rules' as source,
        criteria.criterion as record_id,
        criteria.points,
        {{ is_valid_at('criteria', 'steps.previous_from') }} as counted_before,
        {{ is_valid_at('criteria', 'steps.valid_from') }} as counts_now
    from steps
    inner join criteria
        on
            {{ same_score('steps', 'criteria') }}
            and steps.valid_from >= criteria.valid_from
            and steps.previous_from < criteria.valid_to

),

ledger as (

    select * from from_signals
    union all
    select * from from_fit

),

entries as (

    select
        score_key,
        valid_from,
        component,
        item,
        source,
        record_id,
        cast(points as integer) as points,
        max(case when counted_before then 1 else 0 end) as counted_before,
        max(case when counts_now then 1 else 0 end) as counts_now
    from ledger
    group by score_key, valid_from, component, item, source, record_id, points

)

select * from entries
where counted_before <> counts_now or (component = 'penalty' and counts_now = 1)
