{#- Fails for rows that name no column of the raw contract, or a value that the contract does not accept. -#}
{% test maps_to_the_contract(model, has_values=false) %}
    with

    maps as (

        select * from {{ model }}

    ),

    known_columns as (

        {%- for table_name in lead_qualification.raw_contracts() | list + ['attribute_changes'] %}
        {%- for column in lead_qualification.connected_contract(table_name).columns %}
        select '{{ table_name }}' as contract_table, '{{ column.name }}' as contract_column
        union all
        {%- endfor %}
        {%- endfor %}
        select 'opportunities' as contract_table, '(row)' as contract_column
        union all
        select 'web_events' as contract_table, '(row)' as contract_column

    ),

    accepted_values as (

        {%- for table_name, contract in lead_qualification.raw_contracts().items() %}
        {%- for column in contract.columns if column.accepted %}
        {%- for value in column.accepted %}
        select '{{ table_name }}' as contract_table, '{{ column.name }}' as contract_column, '{{ value }}' as accepted_value
        union all
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
        select 'none' as contract_table, 'none' as contract_column, 'none' as accepted_value

    ),

    enumerations as (

        select distinct accepted_values.contract_table, accepted_values.contract_column
        from accepted_values

    )

    select
        maps.connector,
        maps.contract_table,
        maps.contract_column
    from maps
    left join known_columns
        on maps.contract_table = known_columns.contract_table
        and maps.contract_column = known_columns.contract_column
    {%- if has_values %}
    left join enumerations
        on maps.contract_table = enumerations.contract_table
        and maps.contract_column = enumerations.contract_column
    left join accepted_values
        on maps.contract_table = accepted_values.contract_table
        and maps.contract_column = accepted_values.contract_column
        and lower(maps.contract_value) = accepted_values.accepted_value
    {%- endif %}
    where known_columns.contract_table is null
    {%- if has_values %}
        or (enumerations.contract_table is not null and accepted_values.accepted_value is null and maps.contract_value <> '(ignore)')
    {%- endif %}
{% endtest %}
