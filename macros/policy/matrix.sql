{#-
    The qualification matrix: what a grade and a score level mean, in general and, where qualification_matrix.csv
    has rows of a profile, for leads of that profile, whose rows go first.
-#}

{#- Whether a profile has rows of its own. -#}
{% macro has_matrix_of_profiles() %}
    {{ return(lead_qualification.has_policy_rows('qualification_matrix', 'profile is not null')) }}
{% endmacro %}


{#-
    The cells with in_force_from and in_force_to, where profiles have rows of their own once for each profile and,
    as profile '', for scores of no profile. A from-item without a name; and_cell_of_profile picks.
-#}
{% macro matrix_of_profiles() -%}
    {%- if not lead_qualification.has_matrix_of_profiles() -%}
    {{ lead_qualification.dated_policy('qualification_matrix') }}
    {%- else -%}
    (
        select
            profile,
            grade,
            score_level,
            stage,
            opens_mql_gate,
            opens_sql_gate,
            action,
            action_label,
            in_force_from,
            in_force_to
        from (
            select
                wanted.profile,
                cells.grade,
                cells.score_level,
                cells.stage,
                cells.opens_mql_gate,
                cells.opens_sql_gate,
                cells.action,
                cells.action_label,
                periods.period_from as in_force_from,
                periods.period_to as in_force_to,
                row_number() over (
                    partition by wanted.profile, cells.grade, cells.score_level, periods.period_from
                    order by case when cells.profile is null then 2 else 1 end
                ) as cell_rank
            from {{ lead_qualification.dated_policy('qualification_matrix') }} as cells
            inner join (
                select '' as profile
                union distinct
                select profile from {{ lead_qualification.policy('qualification_profiles') }}
            ) as wanted
                on
                    cells.profile is null
                    or cells.profile = wanted.profile
            inner join {{ lead_qualification.policy_periods(['qualification_matrix']) }} as periods
                on
                    cells.in_force_from <= periods.period_from
                    and cells.in_force_to > periods.period_from
        ) as ranked_cells
        where cell_rank = 1
    )
    {%- endif -%}
{%- endmacro %}


{#- The condition that a row of the relation matrix is for a profile; null: of no profile. Begins with and. -#}
{% macro and_cell_of_profile(profile) -%}
    {%- if lead_qualification.has_matrix_of_profiles() -%}
    and matrix.profile = coalesce({{ profile }}, '')
    {%- else -%}
    and true
    {%- endif -%}
{%- endmacro %}
