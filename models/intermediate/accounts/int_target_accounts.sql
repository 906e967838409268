-- Target accounts with when they first engaged, and when they then got to pipeline and won.
with

accounts as (

    select * from {{ ref('lead_qualification', 'int_current_accounts') }}
    where is_target_account

),

leads as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

engagements as (

    select
        leads.account_id,
        min(engagements.engaged_at) as first_engaged_at
    from {{ ref('lead_qualification', 'int_engagements') }} as engagements
    inner join leads on engagements.lead_id = leads.lead_id
    group by leads.account_id

),

reached as (

    select
        engagements.account_id,
        engagements.first_engaged_at,
        min(case when leads.opportunity_at >= engagements.first_engaged_at then leads.opportunity_at end) as pipeline_at,
        min(case when leads.customer_at >= engagements.first_engaged_at then leads.customer_at end) as won_at
    from engagements
    inner join leads on engagements.account_id = leads.account_id
    group by engagements.account_id, engagements.first_engaged_at

),

target_accounts as (

    select
        accounts.account_id,
        {{ company_segment('accounts.employee_count') }} as company_segment,
        reached.first_engaged_at,
        reached.pipeline_at,
        reached.won_at
    from accounts
    left join reached on accounts.account_id = reached.account_id

)

select * from target_accounts
