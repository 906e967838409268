-- Target accounts with when they first entered each stage or one above it; a stage that an account jumped over was
-- reached with the next.
{%- set above = ['customer', 'opportunity', 'in_sales', 'qualified', 'engaged'] %}
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
        {%- for stage in above %}
        min(case when stage in ('{{ above[:loop.index] | join("', '") }}') then entered_at end) as {{ stage }}_at
        {{- ',' if not loop.last }}
        {%- endfor %}
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
