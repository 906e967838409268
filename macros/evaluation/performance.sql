{#-
    How well scores order leads by outcome. First score_ranks as select list items over rows with score,
    bin_from and is_converted, then score_performance as aggregates, grouped by the same columns.
-#}
{% macro score_ranks(groups) -%}
    {%- set group = groups | join(', ') -%}
    rank() over (
            partition by {{ group }}
            order by score
        ) as rank_from_bottom,
        rank() over (
            partition by {{ group }}
            order by score desc
        ) as rank_from_top,
        count(*) over (partition by {{ group }}, score) as tied,
        ceil(count(*) over (partition by {{ group }}) / 10.0) as top_decile_leads,
        cast(count(case when is_converted then 1 end) over (partition by {{ group }}, bin_from) as {{ lead_qualification.type_double() }})
        / count(*) over (partition by {{ group }}, bin_from) as bin_rate
{%- endmacro %}


{#-
    Aggregates: leads, converted, auc (ties half), top_decile_rate (ties shared), top_decile_lift (how many times as
    often as all the top decile converts) and brier_score (by bin).
-#}
{% macro score_performance() -%}
    {%- set double = lead_qualification.type_double() -%}
    {%- set leads = 'cast(count(*) as ' ~ double ~ ')' -%}
    {%- set converted = 'cast(count(case when is_converted then 1 end) as ' ~ double ~ ')' -%}
    {%- set has_both = 'count(case when is_converted then 1 end) between 1 and count(*) - 1' -%}
    {%- set top_decile_rate -%}
        sum(
                        case
                            when is_converted
                                then greatest(0, least(1, (top_decile_leads - rank_from_top + 1) / cast(tied as {{ double }})))
                            else 0
                        end
                    ) / max(top_decile_leads)
    {%- endset -%}
    cast(count(*) as integer) as leads,
        cast(count(case when is_converted then 1 end) as integer) as converted,
        case
            when {{ has_both }}
                then cast(
                    (
                        sum(case when is_converted then rank_from_bottom + (tied - 1) / cast(2 as {{ double }}) end)
                        - {{ converted }} * ({{ converted }} + 1) / 2
                    ) / ({{ converted }} * ({{ leads }} - {{ converted }}))
                    as {{ lead_qualification.type_rate() }}
                )
        end as auc,
        case
            when {{ has_both }}
                then cast({{ top_decile_rate }} as {{ lead_qualification.type_rate() }})
        end as top_decile_rate,
        case
            when {{ has_both }}
                then cast({{ top_decile_rate }} / ({{ converted }} / {{ leads }}) as {{ lead_qualification.type_rate() }})
        end as top_decile_lift,
        case
            when {{ has_both }}
                then cast(
                    sum(
                        (case when is_converted then 1 else 0 end - bin_rate)
                        * (case when is_converted then 1 else 0 end - bin_rate)
                    ) / {{ leads }}
                    as {{ lead_qualification.type_rate() }}
                )
        end as brier_score
{%- endmacro %}
