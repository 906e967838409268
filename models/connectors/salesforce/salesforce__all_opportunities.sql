-- A deal is closed only if it says so: a close date is always there. It closed when it last came
-- into its stage, else on its close date, and not before it was created. Long because of that rule.
with

opportunities as (

    select
        records.*,
        {{ landed_time('records.created_date') }} as created_at,
        {{ landed_time('records.close_date') }} as close_on
    from {{ landed('salesforce', 'opportunity', 'records') }}

),

history as (

    select
        entries.opportunity_id,
        entries.stage_name,
        {{ landed_time('entries.created_date') }} as changed_at,
        lag(entries.stage_name) over (
            partition by entries.opportunity_id
            order by {{ landed_time('entries.created_date') }}, entries.id
        ) as stage_before
    from {{ landed('salesforce', 'opportunity_history', 'entries') }}
    where not {{ salesforce_deleted('entries') }}

),

stage_entries as (

    select history.opportunity_id, history.stage_name, max(history.changed_at) as entered_at
    from history
    where coalesce(history.stage_before, '') <> coalesce(history.stage_name, '')
    group by history.opportunity_id, history.stage_name

),

deal_people as (

    select * from {{ ref('lead_qualification', 'salesforce__deal_people') }}

),

types as (

    {{ value_rows('salesforce', 'opportunities', '(row)') }}

),

judged as (

    select
        {{ contract_columns('salesforce', 'opportunities', {
            'opportunity_id': 'opportunities.id',
            'lead_id': 'deal_people.lead_id',
            'account_id': 'opportunities.account_id',
            'name': 'opportunities.name',
            'amount': 'opportunities.amount',
            'created_at': 'opportunities.created_at',
            'closed_at': 'case when ' ~ says_yes('opportunities.is_closed') ~ ' and coalesce(stage_entries.entered_at, opportunities.close_on) '
                ~ '< opportunities.created_at then opportunities.created_at when ' ~ says_yes('opportunities.is_closed')
                ~ ' then coalesce(stage_entries.entered_at, opportunities.close_on) end',
            'is_closed': 'opportunities.is_closed',
            'is_won': 'case when ' ~ says_yes('opportunities.is_closed') ~ ' then opportunities.is_won end',
            'updated_at': landed_time('opportunities.last_modified_date'),
            'contract_column': "'(row)'",
            'source_table': "'opportunity'",
            'source_column': "'stage_name'",
            'source_value': 'opportunities.stage_name',
            'fate': "case when " ~ salesforce_deleted('opportunities') ~ " then 'left_out' when types.contract_value = '(ignore)' then 'ignored' else 'read' end",
            'fate_reason': "case when " ~ salesforce_deleted('opportunities') ~ " then 'deleted' end"
        }, ['opportunity'], 'opportunities') }}
    from opportunities
    left join stage_entries
        on opportunities.id = stage_entries.opportunity_id
        and opportunities.stage_name = stage_entries.stage_name
    left join deal_people on opportunities.id = deal_people.opportunity_id and deal_people.place = 1
    left join types on lower(opportunities.stage_name) = types.source_value

)

select * from judged
