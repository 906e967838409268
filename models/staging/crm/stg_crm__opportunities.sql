{{ config(materialized=kept_as_view()) }}

{{ newest_per_key(ref('lead_qualification', 'base_crm__opportunities'), 'opportunities') }},

-- Nothing closes by the planned day of an open deal; a closed one without a time closed when it last changed.
closed as (

    select
        opportunity_id,
        lead_id,
        account_id,
        name,
        amount,
        created_at,
        case when is_closed then coalesce(closed_at, updated_at) end as closed_at,
        is_closed,
        is_won,
        lost_reason,
        updated_at
    from newest

)

select * from closed
