-- Which attribute values match which fit rules: decided once per value, not once per lead.
with

attributes as (

    select
        attribute,
        attribute_value
    from {{ ref('lead_qualification', 'int_lead_attributes') }}
    union all
    select
        attribute,
        attribute_value
    from {{ ref('lead_qualification', 'int_account_attributes') }}

),

distinct_values as (

    select distinct
        attribute,
        attribute_value
    from attributes
    where attribute_value is not null

),

attribute_values as (

    select
        distinct_values.attribute,
        distinct_values.attribute_value,
        case
            when distinct_values.attribute = 'employee_count' or custom_attributes.type in ('integer', 'decimal')
                then cast(distinct_values.attribute_value as decimal(18, 2))
        end as attribute_number,
        {{ spaced_words('distinct_values.attribute_value') }} as attribute_words
    from distinct_values
    left join {{ policy('attributes') }} as custom_attributes on distinct_values.attribute = custom_attributes.attribute

),

listed_values as (

    select * from {{ ref('lead_qualification', 'int_fit_rule_values') }}

),

matches as (

    select distinct
        listed_values.scoring_model,
        listed_values.criterion,
        listed_values.rule_order,
        listed_values.in_force_from,
        attribute_values.attribute_value
    from attribute_values
    inner join listed_values
        on
            attribute_values.attribute = listed_values.attribute
            and case listed_values.match_type
                when 'in' then attribute_values.attribute_value = listed_values.listed_value
                when 'has_word'
                    then {{ has_words('attribute_values.attribute_words', 'listed_values.listed_words') }}
                when 'between'
                    then
                        attribute_values.attribute_number >= listed_values.lowest
                        and attribute_values.attribute_number <= listed_values.highest
                when 'is_true' then attribute_values.attribute_value = 'true'
                when 'is_known' then true
            end

)

select * from matches
