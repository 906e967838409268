select
    cast(null as {{ dbt.type_string() }}) as message
where 1 = 0
