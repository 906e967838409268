{#-
    Whether the gates of a lead stand open. The conditions are over the relations timeline (a row
    of the score timeline), profiles (the profile that judges the lead), lowest_grades (the row of
    grade_scale for the profile's mql_min_grade), grades (that of the lead's grade) and matrix (the cell of the lead's grade and score level).
-#}
{% macro is_mql_gate_open() -%}
    timeline.score >= profiles.mql_min_score
        and timeline.meaningful_signals >= profiles.mql_min_meaningful_signals
        and timeline.intent_signals >= profiles.mql_min_intent_signals
        and (not profiles.uses_matrix or matrix.opens_mql_gate)
        and {{ lead_qualification.is_gate_possible() }}
{%- endmacro %}


{% macro is_sql_gate_open() -%}
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
