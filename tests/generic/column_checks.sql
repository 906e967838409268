{#- What the columns of a model say in their meta about their values, in one read of the table: a test
    for each column would cost a statement for each. A row of the result is a check that fails, with the
    number of rows in which it does; when a run ends, say_broken_checks prints them.

    not_null: true        the column is never null; every other check passes where it is
    not_empty: true       it is not the empty text
    lowest, highest       it is a number from lowest to highest, both inclusive
    not_before: other     a timestamp is not before that of another column
    accepted: [a, b]      it is one of these values
    holds: expression     the expression is true, and null is not; or a list of expressions
    in_policy: {table: stages, field: stage, besides: [none]}
                          a policy table, ours or the one that replaces it, has it in that field, or it
                          is one of besides: what relationships says of tables that nothing replaces

    policies              the tables that in_policy names, so that dbt builds them before -#}
{% test column_checks(model, policies=[]) %}

{%- set checks = lead_qualification.checks_of_columns(model) if execute else [] -%}
{%- for table in policies -%}
    {%- do lead_qualification.policy(table) -%}
{%- endfor -%}
with

checked as (

    select * from {{ model }}

),

counted as (

    select
        {%- for check in checks %}
        sum(case when {{ check.fails }} then 1 else 0 end) as rows_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count
    from checked
    {%- for check in checks if check.known %}
    left join (
        select distinct {{ check.field }} as known_value
        from {{ lead_qualification.policy(check.table) }}
    ) as {{ check.known }} on checked.{{ check.name }} = {{ check.known }}.known_value
    {%- endfor %}

),

checks as (

    {% for check in checks -%}
    select
        {{ loop.index }} as check_number,
        {{ lead_qualification.text_literal(check.column) }} as column_name,
        {{ lead_qualification.text_literal(check.must) }} as must
    {% if not loop.last %}union all
    {% endif %}
    {%- else -%}
    select
        0 as check_number,
        '' as column_name,
        '' as must
    {% endfor %}
),

failed as (

    select
        checks.column_name,
        checks.must,
        case checks.check_number
            {%- for check in checks %}
            when {{ loop.index }} then counted.rows_{{ loop.index }}
            {%- endfor %}
            else 0
        end as failing_rows
    from checks
    cross join counted

)

select * from failed
where failing_rows > 0

{{ config(fail_calc='coalesce(sum(failing_rows), 0)') }}

{% endtest %}
