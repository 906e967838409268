{{ config(materialized='view') }}

-- Fit points of each account: the first matching rule of each criterion that looks at an attribute
-- of accounts, penalties included.
with

account_model as (

    select * from {{ ref('lead_qualification', 'int_account_model') }}

),

rules as (

    select * from {{ dated_policy('fit_rules') }} as fit_rules
    where {{ is_in_force('fit_rules', as_of()) }}

),

matches as (

    select * from {{ ref('lead_qualification', 'int_fit_rule_matches') }}

),

attributes as (

    select * from {{ ref('lead_qualification', 'int_account_attributes') }}

),

matched as (

    select
        attributes.account_id,
        rules.points,
        row_number() over (
            partition by attributes.account_id, rules.criterion
            order by rules.rule_order
        ) as rule_rank
    from attributes
    inner join rules on attributes.attribute = rules.attribute
    inner join account_model on rules.scoring_model = account_model.scoring_model
    inner join matches
        on
            rules.scoring_model = matches.scoring_model
            and rules.criterion = matches.criterion
            and rules.rule_order = matches.rule_order
            {%- if has_policy_versions() %}
            and rules.in_force_from = matches.in_force_from
            {%- else %}
            and true
            {%- endif %}
            and attributes.attribute_value = matches.attribute_value

),

fit as (

    select
        account_id,
        cast(sum(points) as integer) as account_fit_points
    from matched
    where rule_rank = 1
    group by account_id

)

select * from fit
