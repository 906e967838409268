-- Assignments, calls, e-mails and meetings. Open tasks are plans; what users of integrations did are
-- mailings of marketing. Long because three objects hold them.
with

people as (

    select people_of_salesforce.lead_id
    from {{ ref('lead_qualification', 'salesforce__leads') }} as people_of_salesforce

),

history as (

    select
        entries.*,
        {{ key_beside('salesforce', 'entries.lead_id', salesforce_id('entries.new_value')) }} as new_owner_id,
        {{ landed_time('entries.created_date') }} as changed_at
    from {{ landed('salesforce', 'lead_history', 'entries') }}
    where lower(entries.field) = 'owner'

),

tasks as (

    select
        records.*,
        lower(case when lower(records.task_subtype) in ('call', 'email') then records.task_subtype else records.type end) as kind,
        {{ landed_time('records.completed_date_time') }} as completed_at,
        {{ landed_time('records.created_date') }} as created_at,
        {{ landed_time('records.activity_date') }} as activity_at,
        {{ custom_or('salesforce', 'sales_activities', 'outcome', ['task'], 'records', 'records.call_disposition') }} as outcome_word
    from {{ landed('salesforce', 'task', 'records') }}

),

events as (

    select
        records.*,
        {{ landed_time('records.start_date_time') }} as starts_at,
        {{ custom_or('salesforce', 'sales_activities', 'outcome', ['event'], 'records') }} as outcome_word
    from {{ landed('salesforce', 'event', 'records') }}

),

outcomes as (

    {{ value_rows('salesforce', 'sales_activities', 'outcome') }}

),

assigned as (

    select
        {{ contract_columns('salesforce', 'sales_activities', {
            'activity_id': 'history.id',
            'lead_id': 'history.lead_id',
            'rep_id': 'history.new_owner_id',
            'activity_type': "'assigned'",
            'occurred_at': 'history.changed_at',
            'source_table': "'lead_history'",
            'source_column': "'Owner'",
            'fate': "case when " ~ salesforce_deleted('history') ~ ' or not ' ~ salesforce_is('history.new_owner_id', '005')
                ~ " then 'left_out' else 'read' end",
            'fate_reason': "case when " ~ salesforce_deleted('history') ~ " then 'deleted' when "
                ~ salesforce_is('history.new_owner_id', '00G') ~ " then 'queue' when not "
                ~ salesforce_is('history.new_owner_id', '005') ~ " then 'the name beside the id' end"
        }, [], 'history') }}
    from history

),

judged_tasks as (

    select
        tasks.*,
        case
            when {{ salesforce_deleted('tasks') }} then 'deleted'
            when coalesce(tasks.kind, '') not in ('call', 'email') then 'not_tracked'
            when not {{ says_yes('tasks.is_closed') }} then 'plan'
            when people.lead_id is null then 'no_person'
            when
                {{ salesforce_user_of('tasks.owner_id', 'integration_users') }} or {{ salesforce_user_of('tasks.created_by_id', 'integration_users') }}
                then 'automated'
        end as left_out_because
    from tasks
    left join people on tasks.who_id = people.lead_id

),

from_tasks as (

    select
        {{ contract_columns('salesforce', 'sales_activities', {
            'activity_id': 'judged_tasks.id',
            'lead_id': 'judged_tasks.who_id',
            'rep_id': 'judged_tasks.owner_id',
            'activity_type': 'judged_tasks.kind',
            'outcome': "case when judged_tasks.kind = 'call' then outcomes.contract_value end",
            'occurred_at': 'coalesce(judged_tasks.completed_at, case when judged_tasks.activity_at is null '
                ~ 'or cast(judged_tasks.created_at as date) = cast(judged_tasks.activity_at as date) '
                ~ 'then judged_tasks.created_at end, judged_tasks.activity_at)',
            'contract_column': "'outcome'",
            'source_table': "'task'",
            'source_column': "case when judged_tasks.kind = 'call' then 'call_disposition' else 'task_subtype' end",
            'source_value': "case when judged_tasks.kind = 'call' then judged_tasks.outcome_word else judged_tasks.kind end",
            'fate': "case when judged_tasks.left_out_because is not null then 'left_out' when judged_tasks.kind = 'email' then 'read' else "
                ~ outcome_of_value('judged_tasks.outcome_word', 'outcomes', 'unmapped') ~ ' end',
            'fate_reason': 'judged_tasks.left_out_because',
            'customs_in_given': ['outcome']
        }, ['task'], 'judged_tasks') }}
    from judged_tasks
    left join outcomes on lower(judged_tasks.outcome_word) = outcomes.source_value

),

judged_events as (

    select
        events.*,
        case
            when {{ salesforce_deleted('events') }} then 'deleted'
            when {{ says_yes('events.is_child') }} then 'repeated for a further attendee'
            when people.lead_id is null then 'no_person'
            when {{ salesforce_user_of('events.owner_id', 'integration_users') }} then 'automated'
        end as left_out_because
    from events
    left join people on events.who_id = people.lead_id

),

from_events as (

    select
        {{ contract_columns('salesforce', 'sales_activities', {
            'activity_id': 'judged_events.id',
            'lead_id': 'judged_events.who_id',
            'rep_id': 'judged_events.owner_id',
            'activity_type': "'meeting'",
            'outcome': 'outcomes.contract_value',
            'occurred_at': 'judged_events.starts_at',
            'contract_column': "'outcome'",
            'source_table': "'event'",
            'source_value': 'judged_events.outcome_word',
            'fate': "case when judged_events.left_out_because is not null then 'left_out' else "
                ~ outcome_of_value('judged_events.outcome_word', 'outcomes', 'unmapped') ~ ' end',
            'fate_reason': 'judged_events.left_out_because',
            'customs_in_given': ['outcome']
        }, ['event'], 'judged_events') }}
    from judged_events
    left join outcomes on lower(judged_events.outcome_word) = outcomes.source_value

)

select * from assigned
union all
select * from from_tasks
union all
select * from from_events
