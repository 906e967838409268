{{ config(materialized='view') }}

with

history as (

    select
        *,
        valid_from > {{ as_of() }} as is_projected
    from {{ ref('lead_qualification', 'int_score_history') }}

)

select * from history
