-- What is our MQL-to-SQL rate by channel, and is it good?
-- Asked by: marketing lead, each month.
-- How to read: all figures are of mature MQLs, which had the time to convert, so that the rate is not the
-- one of all MQLs in channel_conversion; low and high are the 95 % interval. The verdict compares with the
-- published band of the source: clearly if the whole interval is beyond it, probably if only the rate is;
-- insufficient_data means that too few MQLs are mature. A channel above its band may mean a bar that is
-- too high.
-- dbt show --limit 99 --select mql_to_sql_by_channel
select
    member as channel,
    denominator as mature_mqls,
    numerator as mature_mqls_to_sql,
    actual as mature_mql_to_sql_rate,
    actual_low as mature_mql_to_sql_low,
    actual_high as mature_mql_to_sql_high,
    source as benchmark_source,
    low as benchmark_low,
    high as benchmark_high,
    verdict,
    advice
from {{ ref('lead_qualification', 'benchmark_comparison') }}
where
    metric = 'mql_to_sql_rate'
    and dimension = 'channel'
order by mature_mqls desc, channel asc
