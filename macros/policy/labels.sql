{#- The kinds of codes in labels.csv; python/lead_qualification/labels.py has the columns of each. -#}
{% macro label_kinds() %}
    {{ return([
        'stage', 'band', 'level', 'action', 'owner', 'reason', 'disposition', 'channel', 'motion', 'segment', 'profile',
        'policy', 'model', 'verdict', 'check', 'occasion', 'result', 'signal', 'criterion', 'event', 'track', 'source', 'metric',
        'column', 'value'
    ]) }}
{% endmacro %}


{#- Where the policy names codes that people read: kind, table and column. -#}
{% macro labelled_codes() %}
    {{ return([
        ('stage', 'stages', 'stage'),
        ('band', 'score_bands', 'score_band'),
        ('level', 'score_bands', 'score_level'),
        ('action', 'next_actions', 'action'),
        ('action', 'qualification_matrix', 'action'),
        ('stage', 'qualification_matrix', 'stage'),
        ('reason', 'disposition_reasons', 'reason_code'),
        ('track', 'disposition_reasons', 'nurture_track'),
        ('track', 'next_actions', 'nurture_track'),
        ('channel', 'channels', 'channel'),
        ('profile', 'qualification_profiles', 'profile'),
        ('policy', 'sla_policies', 'sla_policy'),
        ('model', 'scoring_models', 'scoring_model'),
        ('signal', 'signals', 'signal'),
        ('criterion', 'fit_rules', 'criterion'),
        ('event', 'lifecycle_events', 'event'),
        ('check', 'data_health_limits', 'check_name'),
        ('check', 'handoff_requirements', 'check_name'),
        ('value', 'response_buckets', 'response_bucket'),
        ('value', 'buying_roles', 'buying_role'),
    ]) }}
{% endmacro %}
