-- One row per event: its signal and its lead or account, or the reason why it is left out. Each source is looked up on
-- its own, and only by what its events have. Long because it is the one place that looks an event up everywhere, then
-- gives the verdict.
with

event_kinds as (

    select
        kinds.*,
        coalesce(signals.role in ('opt_out', 'complaint'), false) as always_counts
    from {{ ref('lead_qualification', 'int_signal_map_matches') }} as kinds
    inner join {{ policy('signals') }} as signals on kinds.signal = signals.signal

),

-- Resolved for themselves, since the rows of all forms are too many to be kept for a second look.
forms as (

    select * from {{ ref('lead_qualification', 'int_events_by_kind') }}
    where source = 'marketing_activities'

),

owned_forms as (

    {{ owners_of('forms', ['record_id', 'occurred_at', 'event_name', 'asset']) }}

),

-- The one before it, whether or not that counts: the same form of the same lead, sent again.
submits as (

    select
        record_id,
        occurred_at,
        lag(occurred_at) over (
            partition by lead_id, event_name, asset
            order by occurred_at, {{ bytewise('record_id') }}
        ) as submitted_at
    from owned_forms
    where lead_id is not null

),

double_submits as (

    select record_id
    from submits
    where {{ elapsed_seconds('submitted_at', 'occurred_at') }} < {{ var('double_submit_seconds') }}

),

accounts_with_leads as (

    select distinct account_id from {{ ref('lead_qualification', 'int_identified_leads') }}

),

{% for source_name, source in event_sources().items() -%}
{{ source_name }} as (

    select * from {{ ref('lead_qualification', 'int_events_by_kind') }}
    where source = '{{ source_name }}'

),

owned_{{ source_name }} as (

    {{ owners_of(
        source_name,
        ['source', 'record_id', 'session_id', 'asset', 'campaign_id', 'occurred_at', 'email', 'user_agent', 'account_domain',
            'program', 'event_name', 'page_path', 'kind_asset', 'kind_link', 'kind_value'],
        ids=source.columns) }}

),

{% endfor -%}
judged as (
    {% for source_name, source in event_sources().items() %}
    {%- set of_account = 'account_domain' in source.columns %}
    select
        owned_events.source,
        owned_events.record_id,
        owned_events.program,
        owned_events.event_name,
        owned_events.session_id,
        owned_events.asset,
        owned_events.campaign_id,
        owned_events.occurred_at,
        case when event_kinds.always_counts and not owned_events.is_erased then owned_events.email end as email,
        event_kinds.signal,
        owned_events.lead_id,
        {{ 'accounts_with_leads.account_id' if of_account else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as account_id,
        case
            when owned_events.is_erased then 'erased'
            {%- if 'user_agent' in source.columns %}
            when bot_user_agents.user_agent is not null and not coalesce(event_kinds.always_counts, false) then 'bot'
            {%- endif %}
            {%- if source_name == 'email_events' %}
            when machine_events.made_by is not null and not coalesce(event_kinds.always_counts, false)
                then machine_events.made_by
            {%- endif %}
            when owned_events.lead_id is null {{ 'and accounts_with_leads.account_id is null' if of_account }} then 'unresolved'
            when event_kinds.signal is null then 'not_a_signal'
            {%- if source_name == 'marketing_activities' %}
            when double_submits.record_id is not null and not event_kinds.always_counts then 'double_submit'
            {%- endif %}
        end as excluded_because
    from owned_{{ source_name }} as owned_events
    left join event_kinds on {{ same_event_kind('owned_events', 'event_kinds') }}
    {%- if 'user_agent' in source.columns %}
    left join {{ ref('lead_qualification', 'int_bot_user_agents') }} as bot_user_agents
        on owned_events.user_agent = bot_user_agents.user_agent
    {%- endif %}
    {%- if source_name == 'email_events' %}
    left join {{ ref('lead_qualification', 'int_machine_events') }} as machine_events on owned_events.record_id = machine_events.event_id
    {%- endif %}
    {%- if source_name == 'marketing_activities' %}
    left join double_submits on owned_events.record_id = double_submits.record_id
    {%- endif %}
    {%- if of_account %}
    left join {{ ref('lead_qualification', 'int_account_domains') }} as account_domains
        on
            owned_events.account_domain = account_domains.domain
            and owned_events.email is null
    left join accounts_with_leads on account_domains.account_id = accounts_with_leads.account_id
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from judged
