{#- Assignments, calls, e-mails and meetings; plans, bounced and forwarded mails are none. -#}
{% macro hubspot_sales_activities(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    {%- set tables = [names.call, names.email, names.meeting] -%}
    with

    assignments as (

        select judged.*
        from ({{ lead_qualification.hubspot_judged_changes(connector) }}) as judged
        where judged.object_type = 'lead'
            and judged.property = 'hubspot_owner_id'

    ),

    engagements as (

        select
            records.*,
            upper(records.result) as result_word,
            case when records.kind <> 'email' then {{ lead_qualification.custom_or(
                connector, 'sales_activities', 'outcome', tables, 'records', 'records.result') }} end as vocabulary
        from {{ lead_qualification.hubspot_relation(connector, 'engagements') }} as records

    ),

    outcomes as (

        {{ lead_qualification.value_rows(connector, 'sales_activities', 'outcome') }}

    ),

    assigned as (

        select
            {{ lead_qualification.contract_columns(connector, 'sales_activities', {
                'activity_id': "'owner-' || " ~ lead_qualification.joined_key(
                    ['assignments.record_id', 'assignments.changed_at', 'assignments.new_value']),
                'lead_id': 'assignments.record_id',
                'rep_id': lead_qualification.key_beside(connector, 'assignments.record_id', 'assignments.new_value'),
                'activity_type': "'assigned'",
                'occurred_at': 'assignments.changed_at',
                'source_table': "'" ~ names.history ~ "'",
                'source_column': "'hubspot_owner_id'",
                'fate': "case when assignments.judgement <> 'new' or assignments.new_value is null then 'left_out' else 'read' end",
                'fate_reason': "case when assignments.judgement <> 'new' then assignments.judgement "
                    ~ "when assignments.new_value is null then 'nobody assigned' end"
            }) }}
        from assignments

    ),

    worked as (

        select
            {{ lead_qualification.contract_columns(connector, 'sales_activities', {
                'activity_id': lead_qualification.joined_key(['engagements.kind', 'engagements.engagement_id', 'engagements.contact_id']),
                'lead_id': 'engagements.contact_id',
                'rep_id': 'engagements.rep_id',
                'activity_type': 'engagements.kind',
                'outcome': "case when engagements.kind = 'email' and upper(engagements.direction) = 'INCOMING_EMAIL' then 'replied' "
                    ~ "when engagements.kind <> 'email' then coalesce(outcomes.contract_value, "
                    ~ "case when upper(engagements.direction) = 'INBOUND' then 'connected' end) end",
                'occurred_at': 'engagements.occurred_at',
                'contract_column': "'outcome'",
                'source_table': "case engagements.kind when 'call' then '" ~ names.call ~ "' when 'email' then '" ~ names.email
                    ~ "' else '" ~ names.meeting ~ "' end",
                'source_column': "case engagements.kind when 'call' then '" ~ names.property ~ "hs_call_disposition' "
                    ~ "when 'email' then '" ~ names.property ~ "hs_email_direction' else '" ~ names.property ~ "hs_meeting_outcome' end",
                'source_value': "case engagements.kind when 'email' then engagements.direction else engagements.vocabulary end",
                'fate': "case when engagements.is_deleted or engagements.contact_id is null then 'left_out' "
                    ~ "when engagements.kind = 'email' and (coalesce(upper(engagements.direction), '') = 'FORWARDED_EMAIL' "
                    ~ "or engagements.result_word in ('BOUNCED', 'FAILED', 'SCHEDULED')) then 'left_out' "
                    ~ "when engagements.kind = 'email' then 'read' else "
                    ~ lead_qualification.outcome_of_value('engagements.vocabulary', 'outcomes', 'unmapped') ~ ' end',
                'fate_reason': "case when engagements.is_deleted then 'deleted' when engagements.contact_id is null then 'no_person' "
                    ~ "when engagements.kind = 'email' and coalesce(upper(engagements.direction), '') = 'FORWARDED_EMAIL' then 'forwarded' "
                    ~ "when engagements.kind = 'email' and engagements.result_word in ('BOUNCED', 'FAILED', 'SCHEDULED') then 'not_sent' end",
                'customs_in_given': ['outcome']
            }, tables, 'engagements') }}
        from engagements
        left join outcomes on lower(engagements.vocabulary) = outcomes.source_value

    )

    select * from assigned
    union all
    select * from worked
{%- endmacro %}
