-- Hand-offs that sales began itself have nothing to answer and are left out. Long by its columns:
-- 28 figures, grouped once.
with

buckets as (

    select
        response_bucket,
        from_minutes,
        lead(from_minutes) over (order by from_minutes) as below_minutes
    from {{ policy('response_buckets') }}

),

published as (

    select * from {{ ref('lead_qualification', 'int_handoff_published_sla') }}

),

response_times as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        buckets.response_bucket
    from {{ ref('lead_qualification', 'handoffs') }} as handoffs
    inner join buckets
        on
            handoffs.response_minutes >= buckets.from_minutes
            and (handoffs.response_minutes < buckets.below_minutes or buckets.below_minutes is null)

),

handoffs as (

    select
        handoffs.*,
        {%- for column in ['sla_status', 'response_minutes', 'response_business_minutes'] %}
        case when published.lead_id is null then handoffs.{{ column }} else published.{{ column }} end as published_{{ column }},
        {%- endfor %}
        {{ week_of('handoffs.handed_off_at') }} as week_start,
        coalesce(handoffs.assigned_rep_id, 'unassigned') as owner_rep_id,
        coalesce(response_times.response_bucket, 'none') as response_bucket
    from {{ ref('lead_qualification', 'handoffs') }} as handoffs
    left join published on {{ same_handoff('handoffs', 'published') }}
    left join response_times on {{ same_handoff('handoffs', 'response_times') }}
    where not handoffs.is_begun_by_sales

),

-- A null in a group is the total over that column.
grouped as (

    select
        week_start,
        sla_policy,
        owner_rep_id,
        response_bucket,
        cast(count(*) as integer) as handoffs,
        cast(count(first_response_at) as integer) as responded,
        cast(count(case when sla_status = 'met' then 1 end) as integer) as met,
        cast(count(case when sla_status = 'breached' then 1 end) as integer) as breached,
        cast(count(case when sla_status in ('open', 'at_risk') then 1 end) as integer) as still_open,
        {{ percentile('response_minutes', 0.5) }} as median_response_minutes,
        {{ percentile('response_minutes', 0.9) }} as p90_response_minutes,
        {{ percentile('response_business_minutes', 0.5) }} as median_response_business_minutes,
        {{ percentile('response_business_minutes', 0.9) }} as p90_response_business_minutes,
        cast(count(case when disposition = 'accepted' then 1 end) as integer) as accepted,
        cast(count(opportunity_at) as integer) as opportunities,
        cast(count(customer_at) as integer) as customers,
        cast(count(case when published_sla_status = 'met' then 1 end) as integer) as published_met,
        cast(count(case when published_sla_status = 'breached' then 1 end) as integer) as published_breached,
        cast(count(case when published_sla_status in ('open', 'at_risk') then 1 end) as integer) as published_open,
        {{ percentile('published_response_minutes', 0.5) }} as published_median_response_minutes,
        {{ percentile('published_response_minutes', 0.9) }} as published_p90_response_minutes,
        {{ percentile('published_response_business_minutes', 0.5) }} as published_median_response_business_minutes,
        {{ percentile('published_response_business_minutes', 0.9) }} as published_p90_response_business_minutes
    from handoffs
    group by {{ cube(['week_start', 'sla_policy', 'owner_rep_id', 'response_bucket']) }}

),

performance as (

    select
        week_start,
        coalesce(sla_policy, 'all') as sla_policy,
        coalesce(owner_rep_id, 'all') as rep_id,
        coalesce(response_bucket, 'all') as response_bucket,
        handoffs,
        responded,
        met,
        breached,
        still_open as open,
        {{ rate_with_interval('met_rate', 'met', 'met + breached') }},
        median_response_minutes,
        p90_response_minutes,
        median_response_business_minutes,
        p90_response_business_minutes,
        accepted,
        opportunities,
        customers,
        {{ rate_with_interval('accepted_rate', 'accepted', 'handoffs') }},
        {{ rate_with_interval('opportunity_rate', 'opportunities', 'handoffs') }},
        published_met,
        published_breached,
        published_open,
        {{ rate_with_interval('published_met_rate', 'published_met', 'published_met + published_breached') }},
        published_median_response_minutes,
        published_p90_response_minutes,
        published_median_response_business_minutes,
        published_p90_response_business_minutes,
        {{ as_of() }} as as_of
    from grouped
    where handoffs > 0

)

select * from performance
