{#-
    Whether the gates of a lead stand open. The conditions are over the relations timeline (a row
    of the score timeline), profiles (the profile that judges the lead), lowest_grades (the row of
    grade_scale for the profile's mql_min_grade), grades (that of the lead's grade), matrix (the cell of the lead's grade
    and score level) and, where something is required, requirements (of the pair, none if nothing of it ever fails).
-#}
{% macro is_mql_gate_open() -%}
    {{ lead_qualification.is_mql_gate_earned() }}
        and {{ lead_qualification.requirements_hold('mql_gate') }}
{%- endmacro %}


{% macro is_sql_gate_open() -%}
    {{ lead_qualification.is_sql_gate_earned() }}
        and {{ lead_qualification.requirements_hold('sql_gate') }}
{%- endmacro %}


{#- Whether a gate stands open but for what is required. -#}
{% macro is_mql_gate_earned() -%}
    timeline.score >= profiles.mql_min_score
        and timeline.meaningful_signals >= profiles.mql_min_meaningful_signals
        and timeline.intent_signals >= profiles.mql_min_intent_signals
        and (not profiles.uses_matrix or matrix.opens_mql_gate)
        and {{ lead_qualification.is_gate_possible() }}
{%- endmacro %}


{% macro is_sql_gate_earned() -%}
    profiles.sql_by_score
        and timeline.score >= profiles.sql_min_score
        and timeline.high_intent_signals >= profiles.sql_min_high_intent_signals
        and (not profiles.uses_matrix or matrix.opens_sql_gate)
        and {{ lead_qualification.is_gate_possible() }}
{%- endmacro %}


{#- What both gates ask: the grade is good enough and does not block the lead. -#}
{% macro is_gate_possible() -%}
    grades.grade_rank <= lowest_grades.grade_rank
        and not (profiles.uses_matrix and grades.is_blocking)
{%- endmacro %}


{#- Whether all that is required for a gate holds. -#}
{% macro requirements_hold(gate) -%}
    {%- if lead_qualification.has_gate_requirements() -%}
    coalesce(requirements.{{ gate }}_may_be, true)
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}


{#-
    Where something is required: the join of the stretches in which it holds to timeline, and the part of a row of both.
    The stretches of a pair leave no gap.
-#}
{% macro join_requirements() -%}
    {%- if lead_qualification.has_gate_requirements() %}
    left join {{ lead_qualification.requirement_stretches(lead_qualification.rows_of_this_run('int_failing_requirements')) }} as requirements
        on
            {{ lead_qualification.same_score('timeline', 'requirements') }}
            and timeline.profile = requirements.profile
            and (timeline.valid_to is null or timeline.valid_to > requirements.valid_from)
            and timeline.valid_from < requirements.valid_to
    {%- endif %}
{%- endmacro %}

{% macro level_from() -%}
    {{ 'greatest(timeline.valid_from, coalesce(requirements.valid_from, timeline.valid_from))'
        if lead_qualification.has_gate_requirements() else 'timeline.valid_from' }}
{%- endmacro %}

{% macro level_to() -%}
    {%- set never = lead_qualification.never() -%}
    {%- set timeline_to = 'coalesce(timeline.valid_to, ' ~ never ~ ')' -%}
    {{ 'least(' ~ timeline_to ~ ', coalesce(requirements.valid_to, ' ~ never ~ '))'
        if lead_qualification.has_gate_requirements() else timeline_to }}
{%- endmacro %}
