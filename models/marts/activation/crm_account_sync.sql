{%- set fields = crm_account_fields() %}
{%- set compared = compared_fields('accounts', fields) %}
-- Computed when the model runs, not while parsing: depends_on {{ raw_relation('accounts') }}
with

accounts as (

    select * from {{ ref('lead_qualification', 'account_engagement') }}

),

crm_records as (

    select * from {{ ref('lead_qualification', 'stg_crm__accounts') }}

),

compared as (

    select
        accounts.account_id,
        accounts.account_score,
        accounts.account_stage,
        accounts.is_in_market,
        {{ known_to_crm('accounts', fields, 'accounts', 'crm_records') }}
    from accounts
    inner join crm_records on accounts.account_id = crm_records.account_id

),

differences as (

    select
        account_id,
        account_score,
        account_stage,
        is_in_market,
        {{ fields.values() | join(', ') }},
        {{ sync_columns('account_id', fields, compared) }},
        {{ as_of() }} as computed_at
    from compared

)

select * from differences
where changed_fields is not null
