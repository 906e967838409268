{{ config(
    tags=['gate'],
    post_hook="{{ lead_qualification.stop_if_rows(this, 'The policy tables contradict themselves') }}"
) }}

with

violations as (

    select * from {{ ref('lead_qualification', 'int_policy_reference_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_key_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_role_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_range_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_choice_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_agreement_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_quality_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_signal_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_list_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_quantity_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_attribute_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_action_violations') }}
    union all
    select * from {{ ref('lead_qualification', 'int_policy_label_violations') }}

),

messages as (

    select
        policy_table,
        row_text,
        problem,
        {{ policy_location('policy_table') }} || ', row ' || row_text || ': ' || problem as message
    from violations

)

select{{ in_one_task() }} * from messages
