-- What began and what ended with a step, in words: the largest first.
with

entries as (

    select * from {{ ref('lead_qualification', 'int_step_entries') }}
    where counted_before <> counts_now

),

summed as (

    select
        score_key,
        valid_from,
        counts_now,
        component,
        item,
        cast(sum(points) as decimal(18, 4)) as points,
        count(*) as times
    from entries
    group by score_key, valid_from, counts_now, component, item

),

worded as (

    select
        score_key,
        valid_from,
        counts_now,
        component,
        item,
        points,
        item || ' ' || {{ signed_number('points') }}
        || case when times > 1 then ' (' || cast(times as {{ dbt.type_string() }}) || 'x)' else '' end as item_text
    from summed

),

joined as (

    select
        score_key,
        valid_from,
        counts_now,
        {{ joined_texts('item_text', '; ', 'abs(points) desc, ' ~ bytewise('item') ~ ', ' ~ bytewise('component')) }} as items
    from worded
    group by score_key, valid_from, counts_now

),

texts as (

    select
        score_key,
        valid_from,
        max(case when counts_now = 1 then items end) as began,
        max(case when counts_now = 0 then items end) as ended
    from joined
    group by score_key, valid_from

)

select * from texts
