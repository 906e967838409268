{{ config(materialized='by_lead') }}

-- The qualification framework that suits each lead's deal: the amount of its latest opportunity,
-- else the var expected_amount, against framework_selection.csv.
with

leads as (

    select * from {{ rows_of_this_run('int_leads') }}

),

opportunities as (

    select * from {{ rows_of_this_run('int_opportunities') }}
    where is_holder

),

deals as (

    select
        lead_id,
        amount,
        row_number() over (
            partition by lead_id
            order by created_at desc, {{ bytewise('opportunity_id') }} desc
        ) as deal_rank
    from opportunities

),

amounts as (

    select
        leads.lead_id,
        leads.is_target_account,
        cast(coalesce(deals.amount, {{ var('expected_amount') }}) as {{ type_money() }}) as deal_amount
    from leads
    left join deals
        on
            leads.lead_id = deals.lead_id
            and deals.deal_rank = 1

),

ranked as (

    select
        amounts.lead_id,
        rules.framework,
        row_number() over (
            partition by amounts.lead_id
            order by rules.rule_order
        ) as rule_rank
    from amounts
    inner join {{ policy('framework_selection') }} as rules
        on
            (rules.min_amount is null or amounts.deal_amount >= rules.min_amount)
            and (rules.max_amount is null or amounts.deal_amount < rules.max_amount)
            and (not coalesce(rules.target_account_only, false) or amounts.is_target_account)

),

recommended as (

    select
        amounts.lead_id,
        amounts.deal_amount,
        ranked.framework
    from amounts
    left join ranked
        on
            amounts.lead_id = ranked.lead_id
            and ranked.rule_rank = 1

)

select * from recommended
