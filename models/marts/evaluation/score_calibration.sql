with

scores as (

    select * from {{ ref('lead_qualification', 'int_evaluation_scores') }}
    where is_mature

),

settings as (

    select cast({{ lifecycle_setting('calibration_bin_points') }} as integer) as bin_points

),

bins as (

    select
        scoring_model,
        bin_from,
        cast(count(*) as integer) as leads,
        cast(count(case when is_converted then 1 end) as integer) as converted
    from scores
    group by scoring_model, bin_from

),

cumulative as (

    select
        *,
        cast(sum(leads) over (
            partition by scoring_model
            order by bin_from desc
            rows unbounded preceding
        ) as integer) as cumulative_leads,
        cast(sum(converted) over (
            partition by scoring_model
            order by bin_from desc
            rows unbounded preceding
        ) as integer) as cumulative_converted
    from bins

),

calibration as (

    select
        cumulative.scoring_model,
        cumulative.bin_from,
        cumulative.bin_from + settings.bin_points as bin_to,
        cumulative.leads,
        cumulative.converted,
        {{ rate_with_interval('conversion_rate', 'cumulative.converted', 'cumulative.leads') }},
        cumulative.cumulative_leads,
        cumulative.cumulative_converted,
        {{ rate_with_interval('cumulative_rate', 'cumulative.cumulative_converted', 'cumulative.cumulative_leads') }},
        {{ as_of() }} as as_of
    from cumulative
    cross join settings

)

select * from calibration
