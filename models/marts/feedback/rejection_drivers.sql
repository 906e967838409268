with

handoffs as (

    select * from {{ ref('lead_qualification', 'handoffs') }}
    where disposition in ('rejected', 'accepted')

),

totals as (

    select
        scoring_model,
        cast(count(case when disposition = 'rejected' then 1 end) as integer) as rejected_handoffs,
        cast(count(case when disposition = 'accepted' then 1 end) as integer) as accepted_handoffs
    from handoffs
    group by scoring_model

),

with_item as (

    select
        scoring_model,
        item_kind,
        item,
        cast(count(case when is_rejected then 1 end) as integer) as rejected_with_item,
        cast(count(case when not is_rejected then 1 end) as integer) as accepted_with_item
    from {{ ref('lead_qualification', 'int_handoff_items') }}
    group by scoring_model, item_kind, item

),

shares as (

    select
        with_item.scoring_model,
        with_item.item_kind,
        with_item.item,
        totals.rejected_handoffs,
        with_item.rejected_with_item,
        {{ ratio('with_item.rejected_with_item', 'totals.rejected_handoffs') }} as rejected_share,
        totals.accepted_handoffs,
        with_item.accepted_with_item,
        {{ ratio('with_item.accepted_with_item', 'totals.accepted_handoffs') }} as accepted_share,
        {{ ratio_of_ratios(
            'with_item.rejected_with_item', 'totals.rejected_handoffs', 'with_item.accepted_with_item', 'totals.accepted_handoffs'
        ) }} as ratio,
        {{ ratio_of_ratios_bound(
            'with_item.rejected_with_item', 'totals.rejected_handoffs', 'with_item.accepted_with_item', 'totals.accepted_handoffs', '-'
        ) }} as ratio_low,
        {{ ratio_of_ratios_bound(
            'with_item.rejected_with_item', 'totals.rejected_handoffs', 'with_item.accepted_with_item', 'totals.accepted_handoffs', '+'
        ) }} as ratio_high
    from with_item
    inner join totals on with_item.scoring_model = totals.scoring_model

),

drivers as (

    select
        shares.*,
        case
            when
                shares.rejected_handoffs < {{ lifecycle_setting('minimum_sample') }}
                or shares.accepted_handoffs < {{ lifecycle_setting('minimum_sample') }}
                then 'insufficient_data'
            when shares.ratio_low > 1 then 'drives_rejection'
            when shares.ratio_high < 1 then 'protects'
            else 'unclear'
        end as verdict,
        {{ as_of() }} as as_of
    from shares

)

select * from drivers
