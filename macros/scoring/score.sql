{#-
    The score of a model at one instant. Points are whole numbers, the multiplier, the penalties
    and the result decimals with four places: no floats. Points and multiplier are as narrow as
    they can be: the product then has four places, too, and 18 digits, which is fast to compute.
    score = max(min_score, (fit + behaviour + intent) x multiplier + penalties)
-#}
{% macro score(fit_points, behaviour_points, intent_points, recency_multiplier, penalty_points, min_score) -%}
    cast(
        greatest(
            cast({{ min_score }} as decimal(18, 4)),
            cast({{ fit_points }} + {{ behaviour_points }} + {{ intent_points }} as decimal(9, 0))
            * cast({{ recency_multiplier }} as decimal(9, 4))
            + {{ penalty_points }}
        ) as decimal(18, 4)
    )
{%- endmacro %}


{#- At most the cap; an empty cap means no cap but that of sums, beyond which no score would fit. -#}
{% macro capped(points, cap) -%}
    case
        when {{ points }} > {{ cap }} then {{ cap }}
        when {{ points }} > {{ lead_qualification.largest_sum_of_points() }} then {{ lead_qualification.largest_sum_of_points() }}
        else {{ points }}
    end
{%- endmacro %}


{#- The score bands of all models, numbered: [min_score, below_score) in the period [period_from, period_to). -#}
{% macro numbered_score_bands() -%}
    (
        select
            scoring_model,
            score_band,
            score_level,
            min_score,
            period_from,
            period_to,
            lead(min_score) over (partition by scoring_model, period_from order by min_score) as below_score,
            cast(row_number() over (
                order by {{ lead_qualification.bytewise('scoring_model') }}, period_from, min_score
            ) as integer) as band_number
        from {{ lead_qualification.policy_by_period('score_bands', ['scoring_model']) }} as score_bands
    )
{%- endmacro %}


{#-
    What makes two signals of one kind count once: the event itself, its session, its day in UTC
    or its asset, as signal_points.dedupe_by says. Without session or asset an event is its own key.
-#}
{% macro dedupe_key() -%}
    case
        when dedupe_by = 'session' and session_id is not null then 'session ' || session_id
        when dedupe_by = 'asset' and asset is not null then 'asset ' || asset
        when dedupe_by = 'day' then 'day ' || cast(cast(occurred_at as date) as {{ dbt.type_string() }})
        else 'event ' || source || ' ' || record_id
    end
{%- endmacro %}


{#-
    The scored signals that may be one with a signal at as_of: two of one day may; what else makes
    them one, a signal without session and asset shares with none.
-#}
{% macro signals_of_the_last_day() -%}
    select * from {{ ref('lead_qualification', 'int_scored_signals') }}
    where
        component is not null
        and occurred_at <= {{ lead_qualification.as_of() }}
        and occurred_at > {{ lead_qualification.add_days(lead_qualification.as_of(), -1) }}
        and counts_from <= {{ lead_qualification.as_of() }}
        and counts_to > {{ lead_qualification.as_of() }}
{%- endmacro %}


{#-
    What makes two signals of a repeat of derived_signals.csv one: the event itself, its day in UTC, its
    session, its asset or its campaign. An event without one is its own key.
    distinct_of: an expression for which of them. signals: the relation of the signal.
-#}
{% macro distinct_key(distinct_of, signals) -%}
    case
            when {{ distinct_of }} = 'day' then 'day ' || cast(cast({{ signals }}.occurred_at as date) as {{ dbt.type_string() }})
            {%- for kind, column in {'session': 'session_id', 'asset': 'asset', 'campaign': 'campaign_id'}.items() %}
            when {{ distinct_of }} = '{{ kind }}' and {{ signals }}.{{ column }} is not null then '{{ kind }} ' || {{ signals }}.{{ column }}
            {%- endfor %}
            else 'event ' || {{ signals }}.source || ' ' || {{ signals }}.record_id
        end
{%- endmacro %}


{#- The attributes that fit_rules.csv may name; each is a column of int_leads. -#}
{% macro fit_attributes() %}
    {{ return(['industry', 'employee_count', 'job_title', 'country', 'is_competitor', 'account_status', 'email_domain_kind']) }}
{% endmacro %}
