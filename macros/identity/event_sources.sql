{#-
    The sources of events: for each the staged model, its key, the column that says the kind of an
    event, and all columns of its contract. What a source has no column for is null in its events.
-#}
{% macro event_sources() %}
    {%- set contracts = lead_qualification.raw_contracts() -%}
    {%- set found = {} -%}
    {%- for source_name, kind in {
        'web_events': 'event_name', 'email_events': 'event_type', 'marketing_activities': 'activity_type',
        'product_events': 'event_name', 'intent_signals': 'signal_type'}.items() -%}
        {%- set contract = contracts[source_name] -%}
        {%- do found.update({source_name: {
            'model': contract.base.replace('base_', 'stg_', 1), 'key': contract.key[0], 'kind': kind,
            'columns': contract.columns | map(attribute='name') | list}}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
