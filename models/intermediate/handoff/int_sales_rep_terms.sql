-- From when until when each rep takes turns in its territory. A known end says more than is_active: until then
-- the rep was there. Who is inactive and nobody knows since when never was.
with

terms as (

    select
        rep_id,
        lower(territory) as territory,
        coalesce(active_from, {{ beginning() }}) as starts_at,
        coalesce(active_to, {{ never() }}) as ends_at
    from {{ ref('lead_qualification', 'stg_sales__sales_reps') }}
    where
        territory is not null
        and (coalesce(is_active, true) or active_to is not null)

)

select * from terms
where starts_at < ends_at
