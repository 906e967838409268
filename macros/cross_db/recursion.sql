{#-
    A query that goes on from its own rows, round by round, until a round has none.

    name: the CTE that step reads. inputs: CTEs that start and step read. start: a select of round 0.
    step: a select of the next round from rows of name. Both selects have the same columns in the
    same order, the last is round, its number.
    The model needs a post-hook with take_further_rounds, and partition_by='round'.
-#}
{% macro recursion(name, inputs, start, step) -%}
    {{ return(adapter.dispatch('recursion', 'lead_qualification')(name, inputs, start, step)) }}
{%- endmacro %}

{% macro default__recursion(name, inputs, start, step) -%}
with recursive

{{ inputs }},

{{ name }} as (

{{ start }}

    union all

{{ step }}

)

select * from {{ name }}
{%- endmacro %}

{#-
    Spark keeps the plans of all rounds within each other, so that some hundred rounds end in a
    stack overflow. Its rounds are statements of their own; unit tests have only a few.
-#}
{% macro spark__recursion(name, inputs, start, step) -%}
    {%- if model.resource_type == 'unit_test' -%}
        {{ return(lead_qualification.default__recursion(name, inputs, start, step)) }}
    {%- endif -%}
with

{{ inputs }},

{{ name }} as (

{{ start }}

)

select * from {{ name }}
{%- endmacro %}


{#- The rounds that recursion has left; on most engines none. -#}
{% macro take_further_rounds(relation, name, inputs, step) -%}
    {%- if execute -%}
        {{ return(adapter.dispatch('take_further_rounds', 'lead_qualification')(relation, name, inputs, step)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__take_further_rounds(relation, name, inputs, step) -%}
{%- endmacro %}

{#- Each round is inserted as a partition; only whether it has rows comes back. -#}
{% macro spark__take_further_rounds(relation, name, inputs, step) -%}
    {%- for round in range(100000) -%}
        {%- set start = 'select * from ' ~ relation ~ ' where round = ' ~ round -%}
        {%- do run_query(
            'insert into ' ~ relation ~ ' with ' ~ inputs ~ ', ' ~ name ~ ' as (' ~ start ~ ') ' ~ step) -%}
        {%- set rows = run_query('select 1 from ' ~ relation ~ ' where round = ' ~ (round + 1) ~ ' limit 1').rows -%}
        {%- if rows | length == 0 -%}
            {{ return('') }}
        {%- endif -%}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error('More than 100,000 rounds in ' ~ relation ~ ': does every one get nearer to an end?') }}
{%- endmacro %}
