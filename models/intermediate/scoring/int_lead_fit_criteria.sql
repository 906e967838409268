{{ config(materialized='by_lead') }}

-- What each criterion of each model says of a lead: matched, missed or unknown, and its points; with the
-- period, [valid_from, valid_to), in which its rules and the value that they look at are the same. Long
-- because rules and values each have periods of their own.
with

lead_models as (

    {{ 'select distinct' if has_policy_versions() else 'select' }}
        lead_id,
        scoring_model
    from {{ rows_of_this_run('int_lead_model_stretches') }}

),

rules as (

    select * from {{ policy_by_period('fit_rules', ['scoring_model', 'criterion']) }} as fit_rules

),

attributes as (

    select * from {{ ref('lead_qualification', 'int_lead_attributes') }}

),

matches as (

    select * from {{ ref('lead_qualification', 'int_fit_rule_matches') }}

),

judged as (

    select
        lead_models.lead_id,
        lead_models.scoring_model,
        rules.criterion,
        {% if has_history() -%}
        greatest(rules.period_from, attributes.valid_from) as valid_from,
        min(least(rules.period_to, attributes.valid_to)) as valid_to,
        {%- else -%}
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to,
        {%- endif %}
        min(case when matches.rule_order is not null then rules.rule_order end) as first_matching_order,
        max(case when rules.counts_for_grade then 1 else 0 end) as counts_for_grade,
        max(case when rules.counts_for_grade and matches.rule_order is not null then 1 else 0 end) as is_matched,
        max(case when rules.counts_for_grade and attributes.attribute_value is null then 1 else 0 end) as is_unknown
    from lead_models
    inner join rules on lead_models.scoring_model = rules.scoring_model
    inner join attributes
        on
            lead_models.lead_id = attributes.lead_id
            and rules.attribute = attributes.attribute
            {%- if has_history() %}
            and rules.period_from < attributes.valid_to
            and rules.period_to > attributes.valid_from
            {%- else %}
            and true
            {%- endif %}
    left join matches
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
    group by
        lead_models.lead_id,
        lead_models.scoring_model,
        {%- if has_history() %}
        greatest(rules.period_from, attributes.valid_from),
        {%- endif %}
        rules.criterion

),

criteria as (

    select
        judged.lead_id,
        judged.scoring_model,
        judged.criterion,
        judged.valid_from,
        judged.valid_to,
        coalesce(rules.points, 0) as points,
        rules.description,
        judged.counts_for_grade = 1 as counts_for_grade,
        judged.is_matched = 1 as is_matched,
        judged.is_matched = 0 and judged.is_unknown = 1 as is_unknown
    from judged
    left join rules
        on
            judged.scoring_model = rules.scoring_model
            and judged.criterion = rules.criterion
            and judged.first_matching_order = rules.rule_order
            {%- if has_policy_versions() %}
            and judged.valid_from >= rules.period_from
            and judged.valid_from < rules.period_to
            {%- else %}
            and true
            {%- endif %}

)

select * from criteria
