-- Statuses from the history of leads. The conversion is its own entry there, and the status that comes
-- with it would count twice; without history of it, the day of conversion says when. Long because of both.
with

leads as (

    select * from {{ landed('salesforce', 'lead') }}

),

history as (

    select
        entries.*,
        lower(entries.field) as field_name,
        case when lower(entries.field) = 'leadconverted' then entries.field else entries.new_value end as status_word,
        {{ landed_time('entries.created_date') }} as changed_at
    from {{ landed('salesforce', 'lead_history', 'entries') }}
    where lower(entries.field) in ('status', 'leadconverted')

),

statuses as (

    {{ value_rows('salesforce', 'lead_status_changes', 'status') }}

),

reasons as (

    {{ value_rows('salesforce', 'lead_status_changes', 'reason_code') }}

),

leads_with_reasons as (

    select
        leads.id,
        {{ custom_or('salesforce', 'lead_status_changes', 'reason_code', ['lead'], 'leads') }} as reason_word
    from leads

),

from_history as (

    select
        {{ contract_columns('salesforce', 'lead_status_changes', {
            'change_id': 'history.id',
            'lead_id': 'history.lead_id',
            'status': 'coalesce(statuses.contract_value, history.status_word)',
            'reason_code': "case when statuses.contract_value in ('rejected', 'recycled', 'disqualified', 'regressed') "
                ~ 'then coalesce(statuses.reason_code, reasons.contract_value, leads_with_reasons.reason_word) else statuses.reason_code end',
            'rep_id': 'case when ' ~ salesforce_is('history.created_by_id', '005') ~ ' and not '
                ~ salesforce_user_of('history.created_by_id', 'integration_users') ~ ' then history.created_by_id end',
            'changed_at': 'history.changed_at',
            'contract_column': "'status'",
            'source_table': "'lead_history'",
            'source_column': "case when history.field_name = 'leadconverted' then 'Field' else 'Status' end",
            'source_value': 'history.status_word',
            'fate': "case when " ~ salesforce_deleted('history') ~ " or " ~ salesforce_user_of('history.created_by_id', 'own_users')
                ~ " or history.status_word is null or (history.field_name = 'status' and coalesce(history.old_value, '') = history.new_value) "
                ~ "then 'left_out' else " ~ outcome_of_value('history.status_word', 'statuses', 'passed_on') ~ ' end',
            'fate_reason': "case when " ~ salesforce_deleted('history') ~ " then 'deleted' when "
                ~ salesforce_user_of('history.created_by_id', 'own_users') ~ " then 'own_sync' when history.status_word is null then 'emptied' "
                ~ "when history.field_name = 'status' and coalesce(history.old_value, '') = history.new_value then 'repeated' end"
        }, ['lead_history'], 'history') }}
    from history
    left join leads_with_reasons on history.lead_id = leads_with_reasons.id
    left join statuses on lower(history.status_word) = statuses.source_value
    left join reasons on lower(leads_with_reasons.reason_word) = reasons.source_value

),

conversions_in_history as (

    select distinct history.lead_id
    from history
    where history.field_name = 'leadconverted'

),

days_of_conversion as (

    select
        leads.id,
        {{ landed_time('leads.created_date') }} as created_at,
        {{ landed_time('leads.converted_date') }} as converted_on
    from leads
    left join conversions_in_history on leads.id = conversions_in_history.lead_id
    where {{ says_yes('leads.is_converted') }}
        and leads.converted_date is not null
        and conversions_in_history.lead_id is null
        and not {{ salesforce_deleted('leads') }}

),

from_leads as (

    select
        {{ contract_columns('salesforce', 'lead_status_changes', {
            'change_id': "'converted-' || days_of_conversion.id",
            'lead_id': 'days_of_conversion.id',
            'status': "'accepted'",
            'changed_at': 'case when days_of_conversion.converted_on < days_of_conversion.created_at '
                ~ 'then days_of_conversion.created_at else days_of_conversion.converted_on end',
            'contract_column': "'status'",
            'source_table': "'lead'",
            'source_column': "'converted_date'",
            'fate_reason': "'a day, without history of the conversion'"
        }) }}
    from days_of_conversion

)

select * from from_history
union all
select * from from_leads
