-- Target accounts with when they first entered each stage or one above it; a stage that an account jumped over was
-- reached with the next.
{%- set opportunity = "'opportunity', 'customer'" %}
{%- set in_sales = "'in_sales', " ~ opportunity %}
{%- set qualified = "'qualified', " ~ in_sales %}
{%- set engaged = "'engaged', " ~ qualified %}
with

accounts as (

    select * from {{ ref('lead_qualification', 'int_current_accounts') }}
    where is_target_account

),

stages as (

    select * from {{ ref('lead_qualification', 'account_stage_history') }}

),

reached as (

    select
        account_id,
        min(case when stage in ({{ engaged }}) then entered_at end) as engaged_at,
        min(case when stage in ({{ qualified }}) then entered_at end) as qualified_at,
        min(case when stage in ({{ in_sales }}) then entered_at end) as in_sales_at,
        min(case when stage in ({{ opportunity }}) then entered_at end) as opportunity_at,
        min(case when stage = 'customer' then entered_at end) as customer_at
    from stages
    group by account_id

),

target_accounts as (

    select
        accounts.account_id,
        {{ company_segment('accounts.employee_count') }} as company_segment,
        reached.engaged_at as first_engaged_at,
        reached.qualified_at,
        reached.in_sales_at,
        reached.opportunity_at as pipeline_at,
        reached.customer_at as won_at
    from accounts
    left join reached on accounts.account_id = reached.account_id

)

select * from target_accounts
