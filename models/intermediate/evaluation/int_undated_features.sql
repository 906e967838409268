{{ config(tags=['kept']) }}

-- The features, by their name or what stands before the value, that rest on an attribute of which no history tells what
-- it was: no change of it is known, only its value of today.
with

attributes as (

    {{ rows_of_names(tracked_attribute_names(), 'attribute') }}

),

changed as (

    select distinct attribute
    from {{ ref('lead_qualification', 'int_lead_attribute_stretches') }}

),

undated as (

    select attributes.attribute
    from attributes
    left join changed on attributes.attribute = changed.attribute
    where changed.attribute is null

),

fit_rules as (

    select distinct
        scoring_model,
        criterion,
        attribute,
        counts_for_grade
    from {{ policy('fit_rules') }}

),

models as (

    select distinct scoring_model
    from {{ policy('scoring_models') }}

),

features as (

    select
        models.scoring_model,
        case when undated.attribute = 'employee_count' then 'company_segment' else undated.attribute end as feature
    from models
    cross join undated
    union distinct
    select
        fit_rules.scoring_model,
        'fit_matched=' || fit_rules.criterion as feature
    from fit_rules
    inner join undated on fit_rules.attribute = undated.attribute
    union distinct
    select
        fit_rules.scoring_model,
        'grade' as feature
    from fit_rules
    inner join undated on fit_rules.attribute = undated.attribute
    where fit_rules.counts_for_grade

)

select * from features
