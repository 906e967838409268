-- The qualification framework that suits each lead's deal: the amount of its latest opportunity,
-- else the var expected_amount, against framework_selection.csv.
with

leads as (

    select * from {{ ref('int_leads') }}

),

records as (

    select * from {{ ref('int_lead_records') }}

),

opportunities as (

    select * from {{ ref('stg_crm__opportunities') }}
    where created_at <= {{ as_of() }}

),

rules as (

    select * from {{ ref('framework_selection') }}

),

deals as (

    select
        records.lead_id,
        opportunities.amount,
        row_number() over (
            partition by records.lead_id
            order by opportunities.created_at desc, {{ bytewise('opportunities.opportunity_id') }} desc
        ) as deal_rank
    from opportunities
    inner join records on opportunities.lead_id = records.record_id

),

amounts as (

    select
        leads.lead_id,
        leads.is_target_account,
        cast(coalesce(deals.amount, {{ var('expected_amount') }}) as decimal(18, 4)) as deal_amount
    from leads
    left join deals
        on
            leads.lead_id = deals.lead_id
            and deals.deal_rank = 1

),

ranked as (

    select
        amounts.lead_id,
        amounts.deal_amount,
        rules.framework,
        row_number() over (
            partition by amounts.lead_id
            order by rules.rule_order
        ) as rule_rank
    from amounts
    left join rules
        on
            (rules.min_amount is null or amounts.deal_amount >= rules.min_amount)
            and (rules.max_amount is null or amounts.deal_amount < rules.max_amount)
            and (not coalesce(rules.target_account_only, false) or amounts.is_target_account)

),

recommended as (

    select
        lead_id,
        deal_amount,
        framework
    from ranked
    where rule_rank = 1

)

select * from recommended
