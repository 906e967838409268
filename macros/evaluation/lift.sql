{#-
    select list items: how leads with something convert and how those without it. The relation totals
    has leads and converted, the relation seen leads_with and converted_with.
-#}
{% macro with_and_without() -%}
    cast(coalesce(seen.leads_with, 0) as integer) as leads_with,
        cast(coalesce(seen.converted_with, 0) as integer) as converted_with,
        cast(totals.leads - coalesce(seen.leads_with, 0) as integer) as leads_without,
        cast(totals.converted - coalesce(seen.converted_with, 0) as integer) as converted_without
{%- endmacro %}


{#- select list items: the rates of with_and_without, their ratio with its interval, and the z of their difference. -#}
{% macro lift_figures() -%}
    {{ lead_qualification.rate_with_interval('with_rate', 'converted_with', 'leads_with') }},
        {{ lead_qualification.rate_with_interval('without_rate', 'converted_without', 'leads_without') }},
        {{ lead_qualification.ratio_of_ratios('converted_with', 'leads_with', 'converted_without', 'leads_without') }} as lift,
        {{ lead_qualification.ratio_of_ratios_bound('converted_with', 'leads_with', 'converted_without', 'leads_without', '-') }} as lift_low,
        {{ lead_qualification.ratio_of_ratios_bound('converted_with', 'leads_with', 'converted_without', 'leads_without', '+') }} as lift_high,
        {{ lead_qualification.proportions_z('converted_with', 'leads_with', 'converted_without', 'leads_without') }} as z_score
{%- endmacro %}


{#- How many meaningful signals of seven days make which pattern: name and the condition. -#}
{% macro velocity_patterns() %}
    {{ return([
        ('velocity_0', 'meaningful_7_days = 0', 'No meaningful signal in the seven days before'),
        ('velocity_1_to_2', 'meaningful_7_days between 1 and 2', 'One or two meaningful signals in the seven days before'),
        ('velocity_3_to_5', 'meaningful_7_days between 3 and 5', 'Three to five meaningful signals in the seven days before'),
        ('velocity_6_or_more', 'meaningful_7_days >= 6', 'Six or more meaningful signals in the seven days before')]) }}
{% endmacro %}


{#- case branches: the velocity pattern of a lead. -#}
{% macro velocity_pattern() -%}
    case
        {%- for pattern, condition, _ in lead_qualification.velocity_patterns() %}
            when {{ condition }} then '{{ pattern }}'
        {%- endfor %}
        end
{%- endmacro %}


{#- A select of the velocity patterns as rows beside those of derived_signals: pattern, kind, description. -#}
{% macro velocity_pattern_rows() -%}
    {%- set rows = [] -%}
    {%- for pattern, _, description in lead_qualification.velocity_patterns() -%}
        {%- do rows.append(["'" ~ pattern ~ "'", "'" ~ description ~ "'"]) -%}
    {%- endfor -%}
    select
        listed.pattern,
        'velocity' as kind,
        listed.description
    from {{ lead_qualification.listed_rows(rows, 'listed', ['pattern', 'description']) }}
{%- endmacro %}


{#- What to do with the points of a signal, given how it predicts and whether sales rejects what it brings. -#}
{% macro points_suggestion() -%}
    case
            when verdicts.verdict = 'insufficient_data' then 'insufficient_data'
            when verdicts.current_points > 0 and verdicts.verdict = 'predicts_less' then 'remove'
            when verdicts.current_points > 0 and verdicts.rejection_verdict = 'drives_rejection' then 'lower'
            when
                verdicts.current_points > 0
                and verdicts.verdict = 'unclear'
                and verdicts.lift_high < verdicts.negligible_lift
                then 'lower'
            when
                verdicts.current_points > 0
                and verdicts.verdict = 'predicts_more'
                and verdicts.lift_low > higher_points.lift_of_higher_points
                then 'raise'
            when
                verdicts.current_points = 0
                and verdicts.verdict = 'predicts_more'
                and coalesce(verdicts.rejection_verdict, '') <> 'drives_rejection'
                then 'raise'
            when verdicts.current_points = 0 and verdicts.verdict = 'predicts_less' then 'lower'
            when verdicts.current_points < 0 and verdicts.verdict = 'predicts_more' then 'remove'
            else 'keep'
        end
{%- endmacro %}
