-- What each criterion of each model says of a lead: matched, missed or unknown, and its points.
with

lead_models as (

    select * from {{ ref('int_lead_models') }}

),

rules as (

    select * from {{ ref('fit_rules') }}

),

attributes as (

    select * from {{ ref('int_lead_attributes') }}

),

matches as (

    select * from {{ ref('int_fit_rule_matches') }}

),

judged as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        rules.criterion,
        rules.rule_order,
        rules.points,
        rules.description,
        rules.counts_for_grade,
        attributes.attribute_value,
        attributes.attribute_value is null as is_unknown,
        matches.rule_order is not null as is_matched,
        min(case when matches.rule_order is not null then rules.rule_order end) over (
            partition by lead_models.lead_id, lead_models.scoring_model, rules.criterion
        ) as first_matching_order
    from lead_models
    inner join rules on lead_models.scoring_model = rules.scoring_model
    inner join attributes
        on
            lead_models.lead_id = attributes.lead_id
            and rules.attribute = attributes.attribute
    left join matches
        on
            rules.scoring_model = matches.scoring_model
            and rules.criterion = matches.criterion
            and rules.rule_order = matches.rule_order
            and attributes.attribute_value = matches.attribute_value

),

criteria as (

    select
        lead_id,
        scoring_model,
        criterion,
        sum(case when rule_order = first_matching_order then points else 0 end) as points,
        max(case when rule_order = first_matching_order then description end) as description,
        max(case when counts_for_grade then 1 else 0 end) as counts_for_grade,
        max(case when counts_for_grade and is_matched then 1 else 0 end) as is_matched,
        max(case when counts_for_grade and is_unknown then 1 else 0 end) as is_unknown
    from judged
    group by lead_id, scoring_model, criterion

)

select
    lead_id,
    scoring_model,
    criterion,
    points,
    description,
    counts_for_grade = 1 as counts_for_grade,
    is_matched = 1 as is_matched,
    is_matched = 0 and is_unknown = 1 as is_unknown
from criteria
