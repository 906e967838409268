{#-
    The rows of a raw table in the types of the raw contract, and what is wrong with them:
        row_problem        why the row cannot be used
        value_problems     what made a value null, or another one, though the row stays; | between
        raw_row      the row's key and times and its offending cells, as JSON, if it has either
        hides_older        whether the row cannot be used for the sake of safety: then no older row
                           of its key is used in its place
        given_key          its key as it came, if it is another one now
        has_repeated_key   whether another row has its key
    row_problems, value_problems: expressions of the model's own, after those of the contract.
    values: column -> expression, where a value is more than its cell.
    All find a cell under the name of its column, null where it is empty or a placeholder, and what
    it means under parsed_<column>.
    Opens a with clause that ends in the CTE typed.
-#}
{% macro typed_rows(table_name, row_problems=[], value_problems=[], values={}) -%}
{%- set contract = lead_qualification.raw_contract(table_name) -%}
{%- set stored = lead_qualification.stored_columns(table_name) -%}
{%- set countries = contract.columns | selectattr('kind', 'in', ['country', 'attribute_value']) | list -%}
{%- set has_attributes = contract.columns | selectattr('kind', 'equalto', 'attribute_value') | list | length > 0 -%}
{%- set of_values = lead_qualification.contract_problems(contract, of_row=false) + value_problems -%}
with

source as (

    select * from {{ lead_qualification.raw_table(table_name, stored) }}

),

parsed as (

    select
        {%- for column in contract.columns %}
        {{ lead_qualification.parsed_cell(column, (stored or {}).get(column.name, 'text'), table_name) }} as parsed_{{ column.name }},
        {%- endfor %}
        {%- if has_attributes %}
        custom_attributes.custom_type,
        {%- endif %}
        source.*
    from source
    {%- if has_attributes %}
    left join {{ lead_qualification.custom_attributes() }} as custom_attributes
        on lower(source.object) = custom_attributes.custom_object
        and lower(source.attribute) = custom_attributes.custom_attribute
    {%- endif %}
    {%- for column in countries %}
    left join {{ lead_qualification.country_names() }} as names_of_{{ column.name }}
        on {{ lead_qualification.as_country_name('source.' ~ column.name) }} = names_of_{{ column.name }}.country_name
    {%- endfor %}

),

checked as (

    select
        *,
        {{ lead_qualification.first_problem(
            lead_qualification.contract_problems(contract, of_row=true) + row_problems) }} as row_problem,
        {{ lead_qualification.all_problems(of_values) }} as value_problems,
        {{ lead_qualification.hides_older(contract) }} as hides_older
    from parsed

),

named as (

    select
        {%- for column in contract.columns %}
        {{ values.get(column.name) or 'parsed_' ~ column.name }} as {{ column.name }},
        {%- endfor %}
        row_problem,
        value_problems,
        case
            when row_problem is not null or value_problems is not null
                then {{ lead_qualification.kept_of_row(contract) }}
        end as raw_row,
        nullif(given_key, {{ values.get(contract.key[0]) or 'parsed_' ~ contract.key[0] }}) as given_key,
        hides_older
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
            {{ lead_qualification.parsed_cell(column, (stored or {}).get(column.name, 'text'), table_name) }} as {{ column.name }}_key
            {{- ',' if not loop.last }}
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


{#- What a cell means; null where nothing. -#}
{% macro parsed_cell(column, stored_type, table_name) -%}
    {%- set signs = '+' if column.quantity else '+-' -%}
    {%- set time_zone = var('source_time_zone', {}).get(table_name) -%}
    {%- if column.data_type == 'text' -%}
        {{ lead_qualification.parsed_text(column) }}
    {%- elif lead_qualification.arrives_typed(stored_type, column.data_type) -%}
        {{ lead_qualification.typed_cell(column, stored_type, time_zone) }}
    {%- elif column.data_type == 'boolean' -%}
        {{ lead_qualification.as_boolean(column.name) }}
    {%- elif column.data_type == 'integer' -%}
        {{ lead_qualification.as_integer(column.name, signs) }}
    {%- elif column.data_type == 'decimal(18,2)' -%}
        {{ lead_qualification.as_amount(column.name, signs) }}
    {%- elif column.data_type == 'date' -%}
        {{ lead_qualification.as_date(column.name) }}
    {%- elif column.data_type == 'timestamp' -%}
        {{ lead_qualification.as_timestamp(column.name, time_zone, column.date_alone) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            'models/staging/sources.yml: ' ~ column.name ~ ' has the data_type ' ~ column.data_type
            ~ '; it may be text, boolean, integer, decimal(18,2), date or timestamp.') }}
    {%- endif -%}
{%- endmacro %}


{#- A text as it is compared. -#}
{% macro parsed_text(column) -%}
    {%- if column.accepted -%}
        case when {{ lead_qualification.is_accepted(column) }} then {{ lead_qualification.as_code(column.name) }} end
    {%- elif column.kind == 'code' -%}
        {{ lead_qualification.as_code(column.name) }}
    {%- elif column.kind == 'address' -%}
        {{ lead_qualification.as_address(column.name) }}
    {%- elif column.kind == 'domain' -%}
        {{ lead_qualification.as_domain(column.name) }}
    {%- elif column.kind == 'identifier' -%}
        {{ lead_qualification.as_identifier(column.name) }}
    {%- elif column.kind == 'country' -%}
        names_of_{{ column.name }}.country_code
    {%- elif column.kind == 'attribute_value' -%}
        {{ lead_qualification.as_attribute_value(column.name) }}
    {%- else -%}
        {{ column.name }}
    {%- endif -%}
{%- endmacro %}
