{#-
    The raw contract: the columns of each raw table.
    required: without them no row of the table can be used, so their absence stops the build.
    optional: where one is absent, its value is unknown in every row.
    key: names a record. received: which of two records with one key is the newer.
-#}
{% macro raw_contract(table_name) %}
    {%- set contract = {
        'leads': {
            'key': 'lead_id',
            'required': ['lead_id', 'email', 'created_at'],
            'optional': [
                'first_name', 'last_name', 'job_title', 'phone', 'phone_is_valid', 'email_status',
                'account_id', 'company_name', 'country', 'lead_source', 'campaign_id', 'owner_id',
                'crm_lifecycle_stage', 'crm_lead_stage', 'crm_lead_score', 'crm_lead_grade',
                'crm_recommended_action', 'crm_nurture_track', 'crm_re_engage_on',
                'crm_sql_handed_off_at', 'crm_recommended_rep_id', 'crm_score_reasons',
                'merged_into_lead_id', 'is_deleted', 'updated_at']},
        'accounts': {
            'key': 'account_id',
            'required': ['account_id'],
            'optional': [
                'name', 'domain', 'industry', 'employee_count', 'annual_revenue', 'country',
                'status', 'is_competitor', 'is_target_account', 'crm_account_score',
                'crm_account_stage', 'crm_is_in_market', 'updated_at']},
        'web_events': {
            'key': 'event_id',
            'required': ['event_id', 'event_name', 'occurred_at'],
            'optional': [
                'anonymous_id', 'lead_id', 'email', 'session_id', 'page_url', 'page_path',
                'user_agent', 'received_at']},
        'email_events': {
            'key': 'event_id',
            'required': ['event_id', 'email', 'program', 'event_type', 'occurred_at'],
            'optional': ['campaign_id', 'link_url', 'user_agent', 'received_at']},
        'marketing_activities': {
            'key': 'activity_id',
            'required': ['activity_id', 'activity_type', 'occurred_at'],
            'optional': ['lead_id', 'email', 'asset', 'campaign_id', 'received_at']},
        'product_events': {
            'key': 'event_id',
            'required': ['event_id', 'email', 'event_name', 'occurred_at'],
            'optional': ['account_id', 'received_at']},
        'intent_signals': {
            'key': 'signal_id',
            'required': ['signal_id', 'account_domain', 'signal_type', 'occurred_at'],
            'optional': ['provider', 'topic', 'received_at']},
        'sales_activities': {
            'key': 'activity_id',
            'required': ['activity_id', 'lead_id', 'activity_type', 'occurred_at'],
            'optional': ['rep_id', 'outcome']},
        'lead_status_changes': {
            'key': 'change_id',
            'required': ['change_id', 'lead_id', 'status', 'changed_at'],
            'optional': ['reason_code', 'rep_id']},
        'qualification_answers': {
            'key': 'answer_id',
            'required': ['answer_id', 'lead_id', 'framework', 'criterion', 'answer', 'answered_at'],
            'optional': ['detail']},
        'opportunities': {
            'key': 'opportunity_id',
            'required': ['opportunity_id', 'lead_id', 'created_at', 'closed_at', 'is_won'],
            'optional': ['account_id', 'name', 'amount']},
        'campaigns': {
            'key': 'campaign_id',
            'required': ['campaign_id', 'channel'],
            'optional': ['name', 'starts_on', 'ends_on']},
        'campaign_costs': {
            'key': 'campaign_id',
            'required': ['campaign_id', 'cost_date', 'cost'],
            'optional': []},
        'sales_reps': {
            'key': 'rep_id',
            'required': ['rep_id'],
            'optional': ['name', 'territory', 'segment', 'is_active']},
    } -%}
    {%- if table_name is none -%}
        {{ return(contract) }}
    {%- endif -%}
    {{ return(contract[table_name]) }}
{% endmacro %}
