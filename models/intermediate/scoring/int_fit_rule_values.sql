{{ config(materialized='ephemeral') }}

-- The fit rules with one row for each value that match_values lists.
with

rules as (

    select * from {{ dated_policy('fit_rules') }} as fit_rules

),

positions as (

    {{ whole_numbers(1, 100) }}

),

rule_values as (

    select
        rules.scoring_model,
        rules.criterion,
        rules.rule_order,
        rules.in_force_from,
        rules.attribute,
        rules.match_type,
        lower({{ trim_whitespace(text_part('rules.match_values', '|', 'positions.number')) }}) as listed_value,
        {{ spaced_words(text_part('rules.match_values', '|', 'positions.number')) }} as listed_words,
        case
            when rules.match_type = 'between'
                then cast({{ text_part('rules.match_values', '|', 1) }} as integer)
        end as lowest,
        case
            when rules.match_type = 'between'
                then cast({{ text_part('rules.match_values', '|', 2) }} as integer)
        end as highest
    from rules
    inner join positions
        on
            positions.number <= 1 + case
                when rules.match_type in ('in', 'has_word')
                    then length(rules.match_values) - length(replace(rules.match_values, '|', ''))
                else 0
            end

)

select * from rule_values
