{{ config(materialized='view') }}

-- Third-party intent of each account within the window up to as_of.
with

intent_points as (

    select * from {{ ref('lead_qualification', 'int_account_intent_points') }}

),

intent as (

    select
        account_id,
        cast(sum(points) as integer) as third_party_intent_points,
        max(occurred_at) as last_intent_at
    from intent_points
    where occurred_at > {{ add_days(as_of(), '-cast(' ~ lifecycle_setting('account_window_days') ~ ' as integer)') }}
    group by account_id

)

select * from intent
