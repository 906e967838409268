with

features as (

    select
        lead_id,
        feature,
        value,
        {{ as_of() }} as as_of
    from {{ ref('lead_qualification', 'int_prediction_features') }}

)

select * from features
