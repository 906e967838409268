{{ config(materialized='by_lead') }}

-- The three leading contributions of each score as one text, the largest first.
with

ledger as (

    select * from {{ rows_of_this_run('lead_score_contributions') }}

),

summed as (

    select
        lead_id,
        scoring_model,
        item,
        cast(sum(points) as decimal(18, 4)) as points,
        count(*) as times
    from ledger
    group by lead_id, scoring_model, item

),

ranked as (

    select
        *,
        row_number() over (
            partition by lead_id, scoring_model
            order by abs(points) desc, {{ bytewise('item') }}
        ) as item_rank,
        item || ' ' || case when points > 0 then '+' else '' end
        || cast(cast(points as integer) as {{ dbt.type_string() }})
        || case when times > 1 then ' (' || cast(times as {{ dbt.type_string() }}) || 'x)' else '' end as item_text
    from summed

),

top_contributions as (

    select
        lead_id,
        scoring_model,
        max(case when item_rank = 1 then item_text end)
        || coalesce(max(case when item_rank = 2 then '; ' || item_text end), '')
        || coalesce(max(case when item_rank = 3 then '; ' || item_text end), '') as top_contributions
    from ranked
    where item_rank <= 3
    group by lead_id, scoring_model

)

select * from top_contributions
