{#-
    The rows of a raw table in the types of the raw contract, and what is wrong with them:
    row_problem (the row cannot be used), value_problem (a value is null though the row stays),
    raw_row (the row as JSON, if it has either) and has_repeated_key (another row has its key).
    row_problems: expressions of the model's own, after those of the contract.
    values: column -> expression, where a value is more than its cell.
    Both find a cell under the name of its column, null where it is empty, and in its type under
    parsed_<column>.
    Opens a with clause that ends in the CTE typed.
-#}
{% macro typed_rows(table_name, row_problems=[], values={}) -%}
{%- set contract = lead_qualification.raw_contract(table_name) -%}
{%- set stored = lead_qualification.stored_columns(table_name) -%}
with

source as (

    select * from {{ lead_qualification.raw_table(table_name, stored) }}

),

parsed as (

    select
        {%- for column in contract.columns if column.data_type != 'text' %}
        {{ lead_qualification.parsed_cell(column, (stored or {}).get(column.name, 'text')) }} as parsed_{{ column.name }},
        {%- endfor %}
        source.*
    from source

),

checked as (

    select
        *,
        {{ lead_qualification.first_problem(
            lead_qualification.contract_problems(contract, of_row=true) + row_problems) }} as row_problem,
        {{ lead_qualification.first_problem(
            lead_qualification.contract_problems(contract, of_row=false)) }} as value_problem
    from parsed

),

named as (

    select
        {%- for column in contract.columns %}
        {{ values.get(column.name) or lead_qualification.typed_value(column) }} as {{ column.name }},
        {%- endfor %}
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ lead_qualification.json_object(contract.required + contract.optional) }}
        end as raw_row
    from checked

),

repeated_keys as (

    select
        {%- for column in contract.columns if column.name in contract.key %}
        {{ column.name }}_key{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {%- for column in contract.columns if column.name in contract.key %}
            {% if column.data_type == 'text' -%}
                {{ lead_qualification.typed_value(column) }}
            {%- else -%}
                {{ lead_qualification.parsed_cell(column, (stored or {}).get(column.name, 'text')) }}
            {%- endif %} as {{ column.name }}_key{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ lead_qualification.raw_table(table_name, stored) }}
    ) as keys
    group by {% for key in contract.key %}{{ key }}_key{{ ', ' if not loop.last }}{% endfor %}
    having count(*) > 1

),

typed as (

    select
        named.*,
        repeated_keys.{{ contract.key[0] }}_key is not null as has_repeated_key
    from named
    left join repeated_keys
        on {% for key in contract.key -%}
            {{ ' and ' if not loop.first }}named.{{ key }} = repeated_keys.{{ key }}_key
        {%- endfor %}

)
{%- endmacro %}


{#- A cell in the type of its column; null where it cannot be read. Only text has to be parsed. -#}
{% macro parsed_cell(column, stored_type) -%}
    {%- if lead_qualification.arrives_typed(stored_type, column.data_type) -%}
        {{ lead_qualification.typed_cell(column) }}
    {%- elif column.data_type == 'boolean' -%}
        {{ lead_qualification.as_boolean(column.name) }}
    {%- elif column.data_type == 'integer' -%}
        {{ lead_qualification.as_integer(column.name) }}
    {%- elif column.data_type == 'decimal(18,2)' -%}
        {{ lead_qualification.as_amount(column.name) }}
    {%- elif column.data_type == 'date' -%}
        {{ lead_qualification.as_date(column.name) }}
    {%- elif column.data_type == 'timestamp' -%}
        {{ lead_qualification.as_timestamp(column.name) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            'models/staging/sources.yml: ' ~ column.name ~ ' has the data_type ' ~ column.data_type
            ~ '; it may be text, boolean, integer, decimal(18,2), date or timestamp.') }}
    {%- endif -%}
{%- endmacro %}


{#- What staging has for a cell. -#}
{% macro typed_value(column) -%}
    {%- if column.data_type != 'text' -%}
        parsed_{{ column.name }}
    {%- elif column.accepted and 'unknown' not in column.unusable_if -%}
        case
            when {{ lead_qualification.is_accepted(column) }}
                then {{ lead_qualification.as_code(column.name) }}
        end
    {%- elif column.kind == 'code' -%}
        {{ lead_qualification.as_code(column.name) }}
    {%- elif column.kind == 'address' -%}
        {{ lead_qualification.as_address(column.name) }}
    {%- elif column.kind == 'domain' -%}
        {{ lead_qualification.as_domain(column.name) }}
    {%- else -%}
        {{ column.name }}
    {%- endif -%}
{%- endmacro %}
