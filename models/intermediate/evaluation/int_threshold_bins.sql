-- Leads and conversions of each bin of scores, in it and from it upwards.
with

bins as (

    select
        basis,
        scoring_model,
        bin_from,
        count(*) as leads,
        count(case when is_converted then 1 end) as converted
    from {{ ref('lead_qualification', 'int_threshold_scores') }}
    group by basis, scoring_model, bin_from

),

cumulative as (

    select
        basis,
        scoring_model,
        bin_from,
        cast(sum(leads) over (
            partition by basis, scoring_model
            order by bin_from desc
            rows unbounded preceding
        ) as integer) as cumulative_leads,
        cast(sum(converted) over (
            partition by basis, scoring_model
            order by bin_from desc
            rows unbounded preceding
        ) as integer) as cumulative_converted,
        cast(sum(leads) over (partition by basis, scoring_model) as integer) as all_leads,
        cast(sum(converted) over (partition by basis, scoring_model) as integer) as all_converted
    from bins

)

select * from cumulative
