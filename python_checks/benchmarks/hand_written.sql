-- What a capable analyst would write by hand in DuckDB for the same job: the score of the scoring
-- model guide over time (score_timeline), the current score (current_score) and the stage of each
-- lead (stage), straight from the raw Parquet files. The benchmark gives every cost as a multiple
-- of this script's, run on a new file.
--
-- It reads three variables: raw (folder of the Parquet files), policy (folder of the policy CSVs)
-- and as_of. Fit rules, caps, the recency curve and the bands are typed in.
--
-- What it leaves out: quarantine, contracts and tests; leads that share an address; accounts found
-- by e-mail domain and personal addresses; other scoring models; hand-offs, SLA and owners; gates,
-- timers and re-entry in the lifecycle; explanations, evaluation and reports; changes of policy
-- without an edit of this file. About a fifth of its scores differ for that, nearly all by fit.

create temp table signal_map as from read_csv(getvariable('policy') || '/signal_map.csv');
create temp table points as
from read_csv(getvariable('policy') || '/signal_points.csv') where scoring_model = 'guide';
create temp table signals as from read_csv(getvariable('policy') || '/signals.csv');
create temp table bots as from read_csv(getvariable('policy') || '/bot_user_agents.csv');

create temp table leads as
select
    lead_id, lower(email) as email, job_title, country, lead_source, account_id,
    merged_into_lead_id, try_cast(created_at as timestamp) as created_at
from (
    from read_parquet(getvariable('raw') || '/leads.parquet')
    qualify row_number() over (
        partition by lead_id order by try_cast(updated_at as timestamp) desc nulls last
    ) = 1
)
where coalesce(is_deleted, 'false') <> 'true' and try_cast(created_at as timestamp) is not null;

create temp table accounts as
select
    account_id, lower(domain) as domain, industry, try_cast(employee_count as int) as employees,
    lower(status) as status, is_competitor = 'true' as is_competitor
from read_parquet(getvariable('raw') || '/accounts.parquet')
qualify row_number() over (
    partition by account_id order by try_cast(updated_at as timestamp) desc
) = 1;

-- A merged record counts for the one that it was merged into.
create temp table persons as
select leads.lead_id, coalesce(survivors.lead_id, leads.lead_id) as person_id
from leads left join leads as survivors on leads.merged_into_lead_id = survivors.lead_id;

create temp table addresses as
select email, arg_min(person_id, created_at) as person_id
from leads inner join persons using (lead_id) where email is not null group by email;

create temp table visitors as
select
    events.anonymous_id,
    arg_min(
        coalesce(persons.person_id, addresses.person_id), try_cast(occurred_at as timestamp)
    ) as person_id
from read_parquet(getvariable('raw') || '/web_events.parquet') as events
left join persons on events.lead_id = persons.lead_id
left join addresses on events.lead_id is null and lower(events.email) = addresses.email
where event_name = 'identify' and coalesce(persons.person_id, addresses.person_id) is not null
group by events.anonymous_id;

create temp table events as
with raw_events as (
    select
        'web_events' as source, event_id as record_id, lead_id, lower(email) as email,
        anonymous_id, null as program, lower(event_name) as event_name,
        lower(page_path) as page_path, session_id, null as asset, user_agent,
        try_cast(occurred_at as timestamp) as occurred_at
    from read_parquet(getvariable('raw') || '/web_events.parquet')
    union all
    select
        'email_events', event_id, null, lower(email), null, lower(program), lower(event_type),
        null, null, null, user_agent, try_cast(occurred_at as timestamp)
    from read_parquet(getvariable('raw') || '/email_events.parquet')
    union all
    select
        'marketing_activities', activity_id, lead_id, lower(email), null, null,
        lower(activity_type), null, null, asset, null, try_cast(occurred_at as timestamp)
    from read_parquet(getvariable('raw') || '/marketing_activities.parquet')
    union all
    select
        'product_events', event_id, null, lower(email), null, null, lower(event_name), null, null,
        null, null, try_cast(occurred_at as timestamp)
    from read_parquet(getvariable('raw') || '/product_events.parquet')
),

kinds as (
    select kinds.*, signal_map.signal
    from (select distinct source, program, event_name, page_path from raw_events) as kinds
    inner join signal_map
        on kinds.source = signal_map.source and kinds.event_name = signal_map.event_name
        and (signal_map.program is null or kinds.program = signal_map.program)
        and (signal_map.path_pattern is null or kinds.page_path like signal_map.path_pattern)
    qualify row_number() over (
        partition by kinds.source, kinds.program, kinds.event_name, kinds.page_path
        order by rule_order
    ) = 1
),

agents_of_bots as (
    select distinct user_agent from raw_events
    where exists (from bots where contains(lower(raw_events.user_agent), bots.pattern))
)

select
    coalesce(persons.person_id, addresses.person_id, visitors.person_id) as lead_id,
    raw_events.source, record_id, signal, session_id, asset, occurred_at
from raw_events
inner join kinds
    on raw_events.source = kinds.source and raw_events.event_name = kinds.event_name
    and raw_events.program is not distinct from kinds.program
    and raw_events.page_path is not distinct from kinds.page_path
left join persons on raw_events.lead_id = persons.lead_id
left join addresses on raw_events.lead_id is null and raw_events.email = addresses.email
left join visitors
    on raw_events.lead_id is null and raw_events.email is null
    and raw_events.anonymous_id = visitors.anonymous_id
where
    occurred_at <= getvariable('as_of')
    and coalesce(persons.person_id, addresses.person_id, visitors.person_id) is not null
    and (user_agent is null or user_agent not in (select user_agent from agents_of_bots));

insert into events
select
    leads.lead_id, 'intent_signals', signal_id, signal_map.signal, null, null,
    try_cast(occurred_at as timestamp)
from read_parquet(getvariable('raw') || '/intent_signals.parquet') as raw_signals
inner join signal_map
    on signal_map.source = 'intent_signals' and lower(signal_type) = signal_map.event_name
inner join accounts on lower(account_domain) = accounts.domain
inner join leads using (account_id)
where try_cast(occurred_at as timestamp) <= getvariable('as_of');

create temp table fit as
select
    lead_id, created_at,
    least(
        40,
        if(industry in ('Software', 'Financial Services', 'Healthcare'), 10, 0)
        + if(employees between 50 and 1000, 10, 0)
        + if(
            regexp_matches(
                ' ' || regexp_replace(lower(job_title), '[^a-z0-9]+', ' ', 'g') || ' ',
                ' (marketing|growth|demand generation|revenue operations|sales operations|revops'
                || '|cmo|cro|chief marketing officer|chief revenue officer) '
            ), 15, 0
        )
        + if(country in ('US', 'CA', 'GB', 'IE', 'DE', 'FR', 'NL', 'AU'), 5, 0)
    ) as fit,
    if(is_competitor, -15, 0) + if(status in ('acquired', 'closed'), -50, 0) as fit_penalty
from leads
inner join persons using (lead_id)
left join accounts using (account_id)
where person_id = lead_id;

create temp table engagements as
select lead_id, occurred_at, lag(occurred_at) over lead_time as previous_at,
    lead(occurred_at) over lead_time as next_at
from (
    select distinct lead_id, occurred_at
    from events inner join signals using (signal) where is_engagement
)
window lead_time as (partition by lead_id order by occurred_at);

-- From an engagement until 90 days without one, the points of behaviour and intent count.
create temp table episodes as
select
    lead_id, min(occurred_at) as starts_at, max(occurred_at) + interval 90 day as ends_at
from (
    select *, sum(if(occurred_at < previous_at + interval 90 day, 0, 1)) over (
        partition by lead_id order by occurred_at
    ) as episode
    from engagements
)
group by lead_id, episode;

create temp table contributions as
with first_of_key as (
    select events.*, component, points, valid_days, cleared_by
    from events inner join points using (signal)
    qualify row_number() over (
        partition by lead_id, signal, case
            when dedupe_by = 'session' and session_id is not null then session_id
            when dedupe_by = 'asset' and asset is not null then asset
            when dedupe_by = 'day' then cast(cast(occurred_at as date) as varchar)
            else record_id
        end
        order by occurred_at
    ) = 1
),

clearings as (
    select lead_id, signal, occurred_at from events
    where signal in (select cleared_by from points)
)

select
    first_of_key.lead_id, component, points, occurred_at as starts_at,
    case
        when component = 'penalty' then (
            select min(clearings.occurred_at) from clearings
            where clearings.lead_id = first_of_key.lead_id
                and clearings.signal = first_of_key.cleared_by
                and clearings.occurred_at > first_of_key.occurred_at
        )
        when valid_days is not null then occurred_at + valid_days * interval 1 day
        else episodes.ends_at
    end as ends_at
from first_of_key
left join episodes
    on first_of_key.lead_id = episodes.lead_id
    and occurred_at >= episodes.starts_at and occurred_at < episodes.ends_at
where episodes.lead_id is not null or valid_days is not null or component = 'penalty';

create temp table curve (from_day int, multiplier decimal(4, 2));
insert into curve values (0, 1.5), (7, 1.2), (30, 1.0), (60, 0.7), (90, 0.5);

create table score_timeline as
with first_seen as (
    select fit.lead_id, least(created_at, min(occurred_at)) as first_seen_at
    from fit
    left join events on fit.lead_id = events.lead_id and source <> 'intent_signals'
    group by fit.lead_id, created_at
),

steps as (
    select lead_id, occurred_at, next_at, from_day, multiplier
    from engagements cross join curve
    where next_at is null or occurred_at + from_day * interval 1 day < next_at
),

changes as (
    select
        lead_id, first_seen_at as changed_at, 0 as behaviour, 0 as intent, 0 as penalty,
        0 as awake, cast(0.5 as decimal(4, 2)) as multiplier
    from first_seen
    union all
    select
        lead_id, starts_at, if(component = 'behaviour', points, 0),
        if(component = 'intent', points, 0), if(component = 'penalty', points, 0), 0, 0
    from contributions
    union all
    select
        lead_id, ends_at, if(component = 'behaviour', -points, 0),
        if(component = 'intent', -points, 0), if(component = 'penalty', -points, 0), 0, 0
    from contributions where ends_at is not null
    union all
    select lead_id, starts_at, 0, 0, 0, 1, 0 from episodes
    union all
    select lead_id, ends_at, 0, 0, 0, -1, 0 from episodes
    union all
    select
        lead_id, occurred_at + from_day * interval 1 day, 0, 0, 0, 0,
        multiplier - lag(multiplier, 1, 0.5) over (
            partition by lead_id, occurred_at order by from_day
        )
    from steps
    union all
    select lead_id, next_at, 0, 0, 0, 0, 0.5 - arg_max(multiplier, from_day)
    from steps where next_at is not null group by lead_id, occurred_at, next_at
),

by_instant as (
    select
        changes.lead_id, greatest(changed_at, first_seen_at) as valid_from,
        sum(behaviour) as behaviour, sum(intent) as intent, sum(penalty) as penalty,
        sum(awake) as awake, sum(multiplier) as multiplier
    from changes inner join first_seen using (lead_id)
    group by all
),

running as (
    select
        lead_id, valid_from, lead(valid_from) over so_far as valid_to,
        sum(behaviour) over so_far as behaviour, sum(intent) over so_far as intent,
        sum(penalty) over so_far as penalty, sum(awake) over so_far as awake,
        sum(multiplier) over so_far as multiplier
    from by_instant
    window so_far as (partition by lead_id order by valid_from)
),

capped as (
    select
        running.* replace (
            if(awake > 0, least(40, behaviour), 0) as behaviour,
            if(awake > 0, least(20, intent), 0) as intent,
            penalty + fit_penalty as penalty
        ),
        fit
    from running inner join fit using (lead_id)
)

select
    * exclude (awake),
    cast(
        greatest(0, (fit + behaviour + intent) * multiplier + penalty) as decimal(9, 2)
    ) as score
from capped;

create table current_score as
select
    *,
    case
        when score >= 100 then 'opportunity'
        when score >= 71 then 'sql'
        when score >= 31 then 'mql'
        else 'cold'
    end as score_band
from score_timeline
where
    valid_from <= getvariable('as_of')
    and (valid_to is null or valid_to > getvariable('as_of'));

create table stage as
with bars as (
    select
        lead_id, min(valid_from) filter (where score >= 31) as mql_at,
        min(valid_from) filter (where score >= 71) as sql_at
    from score_timeline where valid_from <= getvariable('as_of') group by lead_id
),

answers as (
    select
        person_id as lead_id,
        min(try_cast(changed_at as timestamp))
            filter (where lower(status) = 'accepted') as accepted_at,
        max(try_cast(changed_at as timestamp))
            filter (where lower(status) in ('rejected', 'disqualified')) as rejected_at
    from read_parquet(getvariable('raw') || '/lead_status_changes.parquet')
    inner join persons using (lead_id) group by person_id
),

deals as (
    select
        person_id as lead_id, min(try_cast(created_at as timestamp)) as opportunity_at,
        min(try_cast(closed_at as timestamp)) filter (where is_won = 'true') as won_at
    from read_parquet(getvariable('raw') || '/opportunities.parquet')
    inner join persons using (lead_id) group by person_id
)

select
    lead_id, mql_at, sql_at, accepted_at, opportunity_at, won_at,
    case
        when won_at is not null then 'customer'
        when opportunity_at is not null then 'opportunity'
        when rejected_at is not null then 'recycled'
        when accepted_at is not null then 'sql_accepted'
        when sql_at is not null then 'sql'
        when mql_at is not null then 'mql'
        else 'lead'
    end as stage
from fit
left join bars using (lead_id)
left join answers using (lead_id)
left join deals using (lead_id);
