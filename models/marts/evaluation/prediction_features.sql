{{ config(materialized=kept_as_view()) }}

with

features as (

    select * from {{ ref('lead_qualification', 'int_prediction_features') }}

),

points as (

    select * from {{ ref('lead_qualification', 'evaluation_points') }}

),

undated as (

    select * from {{ ref('lead_qualification', 'int_undated_features') }}

),

dated as (

    select
        features.lead_id,
        features.feature,
        features.value,
        undated.feature is null as is_dated,
        undated.feature is null or {{ 'true' if var('allow_undated_attributes', false) else 'false' }} as is_usable,
        {{ as_of() }} as as_of
    from features
    inner join points on features.lead_id = points.lead_id
    left join undated
        on
            points.scoring_model = undated.scoring_model
            and undated.feature in (features.feature, {{ text_part('features.feature', '=', 1) }})

)

select * from dated
