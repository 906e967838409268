{#- How the two tools call what the rules of HubSpot read: table and column, for connector_coverage. -#}
{% macro hubspot_names(connector) %}
    {%- if connector == 'hubspot_fivetran' -%}
        {{ return({
            'contacts': 'contact', 'companies': 'company', 'deals': 'deal', 'property': 'property_',
            'history': 'contact_property_history', 'forms': 'form', 'form_name': 'name',
            'call': 'engagement_call', 'email': 'engagement_email', 'meeting': 'engagement_meeting',
            'email_events': 'email_event', 'bounces': 'email_event_bounce', 'campaigns': 'email_campaign',
            'pipeline': 'deal_pipeline_id', 'owners': 'owner', 'submissions': 'contact_form_submission',
        }) }}
    {%- endif -%}
    {{ return({
        'contacts': 'contacts', 'companies': 'companies', 'deals': 'deals', 'property': 'properties_',
        'history': 'contacts_property_history', 'forms': 'contacts_form_submissions', 'form_name': 'title',
        'call': 'engagements_calls', 'email': 'engagements_emails', 'meeting': 'engagements_meetings',
        'email_events': 'email_events', 'bounces': 'email_events', 'campaigns': 'campaigns',
        'pipeline': 'properties_pipeline', 'owners': 'owners', 'submissions': 'contacts_form_submissions',
    }) }}
{% endmacro %}


{#- A relation of a thin layer: what either tool landed, in one shape. -#}
{% macro hubspot_relation(connector, name) %}
    {{ return(ref('lead_qualification', connector ~ '__' ~ name)) }}
{% endmacro %}


{#-
    Changes of properties with what became of them: repeated (the value of before), own_sync (we
    wrote it) or new. By what our own sync is known: the option own_sources.
-#}
{% macro hubspot_judged_changes(connector) -%}
    {%- set own = lead_qualification.connector_option(connector, 'own_sources') or ['lead_qualification_sync'] -%}
    select
        placed.object_type,
        placed.record_id,
        placed.property,
        placed.old_value,
        placed.new_value,
        placed.changed_at,
        case
            when coalesce(placed.source_id, '') in ({{ lead_qualification.text_literals([own] if own is string else own) }}) then 'own_sync'
            when placed.place > 1 and coalesce(placed.old_value, '') = coalesce(placed.new_value, '') then 'repeated'
            else 'new'
        end as judgement
    from (
        select
            changes.object_type,
            changes.record_id,
            lower(changes.property) as property,
            changes.new_value,
            changes.changed_at,
            changes.source_id,
            lag(changes.new_value) over (
                partition by changes.object_type, changes.record_id, changes.property
                order by changes.changed_at, changes.source_id, changes.new_value
            ) as old_value,
            row_number() over (
                partition by changes.object_type, changes.record_id, changes.property
                order by changes.changed_at, changes.source_id, changes.new_value
            ) as place
        from {{ lead_qualification.hubspot_relation(connector, 'changes') }} as changes
    ) as placed
{%- endmacro %}
