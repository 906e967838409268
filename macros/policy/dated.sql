{#-
    The rules in force. Rows of these policy tables may be dated: valid_from and valid_to, UTC, an
    empty one open; a row is in force in [valid_from, valid_to). The boundaries of all of them cut time into
    the versions of int_policy_versions. With the var policy_in_force: latest the rows in force at as_of are
    taken to have been in force always.
-#}
{% macro dated_tables() %}
    {{ return(lead_qualification.dated_table_keys() | list) }}
{% endmacro %}


{#- Earlier than everything. -#}
{% macro beginning() -%}
    cast('1000-01-01 00:00:00' as timestamp)
{%- endmacro %}


{#- The time in a column valid_from or valid_to of a policy table; null where it is empty or nobody can read it. -#}
{% macro policy_time(column) -%}
    {{ lead_qualification.as_timestamp('trim(cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ '))') }}
{%- endmacro %}


{#-
    The same, by the few dates that int_policy_dates has read. Engines may work out the time of a rule again for
    each row that they compare with it, and to read a text as a time is expensive.
-#}
{% macro known_policy_time(table_name, column) -%}
    {%- if not lead_qualification.is_run() or model.resource_type == 'unit_test' -%}
        {{ return(lead_qualification.policy_time(column)) }}
    {%- endif -%}
    {%- set dates = lead_qualification.asked(
        'select distinct given, instant from ' ~ lead_qualification.relation_to_read('int_policy_dates')
        ~ ' where instant is not null and policy_table = ' ~ lead_qualification.text_literal(table_name) ~ ' order by given') -%}
    {%- if not dates -%}
        {{ return('cast(null as timestamp)') }}
    {%- endif -%}
    {%- set branches = [] -%}
    {%- for date in dates -%}
        {%- do branches.append('when ' ~ lead_qualification.text_literal(date[0]) ~ " then cast('" ~ date[1] ~ "' as timestamp)") -%}
    {%- endfor -%}
    {{ return('case trim(cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')) ' ~ branches | join(' ') ~ ' end') }}
{%- endmacro %}


{#-
    Whether the rules in force at as_of are taken to have been in force always; not while dbt parses, so that
    everything that may be read is known.
-#}
{% macro restates_with_latest_policy() %}
    {%- if var('policy_in_force', 'dated') not in ('dated', 'latest') -%}
        {{ exceptions.raise_compiler_error(
            'The var policy_in_force is ' ~ var('policy_in_force') ~ '; it is dated or latest.') }}
    {%- endif -%}
    {{ return(execute and var('policy_in_force', 'dated') == 'latest') }}
{% endmacro %}


{#-
    Whether the policy has more than one version. With one version models leave out what only several
    need. In unit tests it has one, unless the test overrides this macro; while nobody can know it has several,
    so that what may be read is known when dbt parses.
-#}
{% macro has_policy_versions() %}
    {%- do lead_qualification.needs('int_policy_versions') -%}
    {%- if execute and (model.resource_type == 'unit_test' or lead_qualification.restates_with_latest_policy()) -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(lead_qualification.has_rows('int_policy_versions', 'policy_version > 1')) }}
{% endmacro %}


{#- Whether the values of any attribute changed over time; in unit tests as with has_policy_versions. -#}
{% macro has_attribute_history() %}
    {%- do lead_qualification.needs('int_attribute_values') -%}
    {%- if execute and model.resource_type == 'unit_test' -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(lead_qualification.has_rows('int_attribute_values', '1 = 1')) }}
{% endmacro %}


{#- Whether rules or attributes of the past differ from those of today. -#}
{% macro has_history() %}
    {{ return(lead_qualification.has_policy_versions() or lead_qualification.has_attribute_history()) }}
{% endmacro %}


{#-
    Whether any row of a policy table meets a condition, whenever it is in force. Models leave out what only such
    rows need. In unit tests as with has_policy_versions; true while nobody can know.
-#}
{% macro has_policy_rows(table_name, condition) %}
    {%- if execute and model.resource_type == 'unit_test' -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set relation = lead_qualification.policy(table_name) -%}
    {%- if not lead_qualification.looks_up() or load_cached_relation(relation) is none -%}
        {{ return(true) }}
    {%- endif -%}
    {{ return(lead_qualification.any_row(relation, condition)) }}
{% endmacro %}


{#- The model at hand comes after another one, though it may not read it. -#}
{% macro needs(model_name) %}
    {%- if not execute -%}
        {%- do ref('lead_qualification', model_name) -%}
    {%- endif -%}
{% endmacro %}


{#- Whether the table of a model is there and has a row that meets a condition; true while nobody can know. -#}
{% macro has_rows(model_name, condition) %}
    {%- if not lead_qualification.looks_up() -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set relation = lead_qualification.relation_to_read(model_name) -%}
    {%- if load_cached_relation(relation) is none -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(lead_qualification.any_row(relation, condition)) }}
{% endmacro %}


{#-
    The rows of a policy table that are in force at as_of, as a from-item without a name.
    Example: select * from {{ current_policy('stage_timers') }} as timers
-#}
{% macro current_policy(table_name) -%}
    (
        select *
        from {{ lead_qualification.policy(table_name) }} as {{ table_name }}_rows
        where
            coalesce({{ lead_qualification.policy_time('valid_from') }} <= {{ lead_qualification.as_of() }}, true)
            and coalesce({{ lead_qualification.policy_time('valid_to') }} > {{ lead_qualification.as_of() }}, true)
    )
{%- endmacro %}


{#-
    The rows of a policy table with in_force_from and in_force_to, which are never null; with one
    version those in force at as_of, as if always. A from-item without a name.
-#}
{% macro dated_policy(table_name) -%}
    {%- if lead_qualification.has_policy_versions() -%}
    (
        select
            {{ table_name }}_rows.*,
            coalesce({{ lead_qualification.known_policy_time(table_name, 'valid_from') }}, {{ lead_qualification.beginning() }}) as in_force_from,
            coalesce({{ lead_qualification.known_policy_time(table_name, 'valid_to') }}, {{ lead_qualification.never() }}) as in_force_to
        from {{ lead_qualification.policy(table_name) }} as {{ table_name }}_rows
    )
    {%- else -%}
    (
        select
            {{ table_name }}_rows.*,
            {{ lead_qualification.beginning() }} as in_force_from,
            {{ lead_qualification.never() }} as in_force_to
        from {{ lead_qualification.current_policy(table_name) }} as {{ table_name }}_rows
    )
    {%- endif -%}
{%- endmacro %}


{#-
    The rows of a policy table once for each period, [period_from, period_to), in which the rows of its
    group are the same; by: the columns that make a group, none: the whole table. A from-item without a name.
-#}
{% macro policy_by_period(table_name, by=[]) -%}
    {%- if lead_qualification.has_policy_versions() -%}
    (
        select
            dated_rows.*,
            periods.period_from,
            periods.period_to
        from {{ lead_qualification.dated_policy(table_name) }} as dated_rows
        inner join {{ lead_qualification.policy_periods([table_name], by) }} as periods
            on
                dated_rows.in_force_from <= periods.period_from
                and dated_rows.in_force_to > periods.period_from
                {%- for column in by %}
                and dated_rows.{{ column }} = periods.{{ column }}
                {%- endfor %}
    )
    {%- else -%}
    (
        select
            dated_rows.*,
            dated_rows.in_force_from as period_from,
            dated_rows.in_force_to as period_to
        from {{ lead_qualification.dated_policy(table_name) }} as dated_rows
    )
    {%- endif -%}
{%- endmacro %}


{#- The periods, [period_from, period_to), into which the rows of policy tables cut time, of each group. -#}
{% macro policy_periods(table_names, by=[]) -%}
    {%- set columns = by | join(', ') ~ (', ' if by else '') -%}
    (
        select
            {{ columns }}instant as period_from,
            coalesce(
                lead(instant) over ({{ 'partition by ' ~ by | join(', ') if by }} order by instant), {{ lead_qualification.never() }}
            ) as period_to
        from (
            {%- for table_name in table_names %}
            select {{ columns }}in_force_from as instant from {{ lead_qualification.dated_policy(table_name) }} as {{ table_name }}_beginnings
            union distinct
            select {{ columns }}in_force_to as instant from {{ lead_qualification.dated_policy(table_name) }} as {{ table_name }}_ends
            union distinct
            select {{ columns }}{{ lead_qualification.beginning() }} as instant from {{ lead_qualification.policy(table_name) }} as {{ table_name }}_groups
            {{ 'union distinct' if not loop.last }}
            {%- endfor %}
        ) as instants
        where instant < {{ lead_qualification.never() }}
    )
{%- endmacro %}


{#- The condition that a row of a dated relation is in force at an instant. -#}
{% macro is_in_force(relation, instant) -%}
    {{ relation }}.in_force_from <= {{ instant }} and {{ relation }}.in_force_to > {{ instant }}
{%- endmacro %}


{#- The same where rows can only differ if the policy has versions; otherwise nothing. Begins with and. -#}
{% macro and_in_force(relation, instant) -%}
    {%- if lead_qualification.has_policy_versions() -%}
    and {{ lead_qualification.is_in_force(relation, instant) }}
    {%- else -%}
    and true
    {%- endif -%}
{%- endmacro %}


{#- The condition that an instant lies in the period of a row, from valid_from to valid_to; neither is null. -#}
{% macro is_valid_at(relation, instant) -%}
    {{ relation }}.valid_from <= {{ instant }} and {{ relation }}.valid_to > {{ instant }}
{%- endmacro %}
