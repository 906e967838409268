{{ config(materialized='ephemeral', tags=['gate']) }}

-- Numbers so large that no sum of them could be relied on.
with

violations as (

    {{ quantity_checks() | join('\n    union all\n    ') }}

)

select * from violations
