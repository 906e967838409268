-- Why the score of a lead moved, step by step: what began, ended or decayed, and how many points each of it makes. Long
-- because it words each part.
with

parts as (

    select * from {{ ref('lead_qualification', 'int_step_parts') }}

),

texts as (

    select * from {{ ref('lead_qualification', 'int_step_texts') }}

),

worded as (

    select
        parts.*,
        texts.began as entries_began,
        texts.ended as entries_ended,
        case
            when parts.multiplier_now <> parts.multiplier_before
                then 'recency multiplier ' || {{ plain_number('parts.multiplier_before') }}
                    || ' to ' || {{ plain_number('parts.multiplier_now') }}
        end as multiplier_step,
        case
            when parts.inactivity_now <> parts.inactivity_before
                then 'inactivity penalty ' || {{ plain_number('parts.inactivity_before') }}
                    || ' to ' || {{ plain_number('parts.inactivity_now') }}
        end as inactivity_step,
        {%- for component in ('fit', 'behaviour', 'intent') %}
        case
            when parts.{{ component }}_cap_change <> 0
                then '{{ component }} cap ' || {{ signed_number('parts.' ~ component ~ '_cap_change') }}
        end as {{ component }}_cap,
        case
            when parts.{{ component }}_change <> 0 then '{{ component }} ' || {{ signed_number('parts.' ~ component ~ '_change') }}
        end as {{ component }},
        {%- endfor %}
        case when parts.penalty_change <> 0 then 'penalties ' || {{ signed_number('parts.penalty_change') }} end as penalties,
        case when parts.from_minimum <> 0 then 'minimum score ' || {{ signed_number('parts.from_minimum') }} end as minimum
    from parts
    left join texts
        on
            parts.score_key = texts.score_key
            and parts.valid_from = texts.valid_from

),

explained as (

    select
        *,
        {{ texts_in_a_row([
            "'began ' || entries_began",
            "'ended ' || entries_ended",
            'fit_cap',
            'behaviour_cap',
            'intent_cap',
            "case when length(coalesce(fit, behaviour, intent)) > 0 then 'points ' || " ~ signed_number('points_change')
                ~ " || ' (' || " ~ texts_in_a_row(['fit', 'behaviour', 'intent'], ', ') ~ " || ') x '"
                ~ " || " ~ plain_number('multiplier_now') ~ " || ' = ' || " ~ signed_number('from_points') ~ " end",
            "multiplier_step || ' on ' || cast(points_before as " ~ dbt.type_string() ~ ") || ' points = ' || "
                ~ signed_number('from_multiplier'),
            'inactivity_step',
            'penalties',
            'minimum',
        ]) }} as reasons
    from worded

),

changes as (

    select
        lead_id,
        scoring_model,
        valid_from,
        score_from,
        score_to,
        score_change as change,
        nullif({{ texts_in_a_row([
            'entries_began',
            'case when multiplier_now > multiplier_before then multiplier_step end',
            'case when inactivity_now > inactivity_before then inactivity_step end',
        ]) }}, '') as began,
        entries_ended as ended,
        nullif({{ texts_in_a_row([
            'case when multiplier_now < multiplier_before then multiplier_step end',
            'case when inactivity_now < inactivity_before then inactivity_step end',
        ]) }}, '') as decayed,
        {{ plain_number('score_from') }} || ' to ' || {{ plain_number('score_to') }}
        || ' (' || {{ signed_number('score_change') }} || '): '
        || case when length(reasons) > 0 then reasons else 'only counts of signals, band or grade changed' end as explanation
    from explained

)

select * from changes
