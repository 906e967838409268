{#-
    The linter looks at each version of the policy by itself. In the body of per_policy_version
    checked_policy gives the rows in force in the version at hand; elsewhere every row.
-#}

{#-
    What is known of each version: its dates in words and, by policy table, the dates in it that have
    come and those that are to come. A version is the same for a check if the dates of its tables are.
-#}
{% macro checked_versions() %}
    {%- if not lead_qualification.has_policy_versions() or not lead_qualification.is_run() -%}
        {{ return([none]) }}
    {%- endif -%}
    {%- set dates = run_query('select policy_table, given, instant from ' ~ lead_qualification.relation_to_read('int_policy_dates')
        ~ ' where instant is not null order by policy_table, instant, given').rows -%}
    {%- set versions = [] -%}
    {%- for row in run_query(
        'select starts_at, valid_from, valid_to from ' ~ lead_qualification.relation_to_read('int_policy_versions')
        ~ ' order by policy_version limit ' ~ (var('max_policy_versions', 60) + 1)).rows -%}
        {%- set version = {'valid_from': row[1], 'valid_to': row[2], 'begun': {}, 'to_come': {}} -%}
        {%- for date in dates -%}
            {%- set side = version.begun if date[2] <= row[0] else version.to_come -%}
            {%- do side.setdefault(date[0], []).append(lead_qualification.text_literal(date[1])) -%}
        {%- endfor -%}
        {%- do versions.append(version) -%}
    {%- endfor -%}
    {{ return(versions) }}
{% endmacro %}


{#- Between two checks in the body of per_policy_version, each of which is a select of violations. -#}
{% macro next_check() -%}
    {{ return('\n    union all -- the next check\n    ') }}
{%- endmacro %}


{#-
    The violations that the body finds in each version. The body is a select of them, or several with
    next_check() between them; a check is made once for neighbouring versions that are the same for it.
-#}
{% macro per_policy_version() -%}
    {%- set periods = {} -%}
    {%- for version in lead_qualification.checked_versions() -%}
        {%- do model.update({'checked_version': version}) -%}
        {%- for check in caller().split(lead_qualification.next_check()) -%}
            {%- set period = periods.setdefault(check, {'valid_from': version.valid_from if version}) -%}
            {%- do period.update({'valid_to': version.valid_to if version}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do model.update({'checked_version': none}) -%}
    {%- for check, period in periods.items() %}
    select
        policy_table,
        row_text,
        problem
        {%- if period.valid_from or period.valid_to %} || {{ lead_qualification.text_literal(
            '; in force from ' ~ (period.valid_from or 'the beginning') ~ ' to ' ~ (period.valid_to or 'the end')) }}
        {%- endif %} as problem
    from (
        {{ check }}
    ) as violations_of_version
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- The rows of a policy table that the linter looks at, as a from-item without a name. -#}
{% macro checked_policy(table_name) -%}
    {%- set version = model.get('checked_version') -%}
    {%- if table_name not in lead_qualification.dated_tables() -%}
        {{ return(lead_qualification.policy(table_name)) }}
    {%- elif lead_qualification.restates_with_latest_policy() -%}
        {{ return(lead_qualification.current_policy(table_name)) }}
    {%- elif not version -%}
        {{ return(lead_qualification.policy(table_name)) }}
    {%- endif -%}
    {%- set rows = lead_qualification.policy(table_name) -%}
    {%- set conditions = [] -%}
    {%- for column, side in {'valid_from': version.begun, 'valid_to': version.to_come}.items() -%}
        {%- set dates = side.get(table_name, []) -%}
        {%- set given = 'trim(cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ '))' -%}
        {%- do conditions.append(
            '(' ~ column ~ ' is null' ~ (' or ' ~ given ~ ' in (' ~ dates | join(', ') ~ ')' if dates else '') ~ ')') -%}
    {%- endfor -%}
    {{ return('(select * from ' ~ rows ~ ' as ' ~ table_name ~ '_rows where ' ~ conditions | join(' and ') ~ ')') }}
{%- endmacro %}


{#- The key of the rows of each dated table. -#}
{% macro dated_table_keys() %}
    {{ return({
        'scoring_models': ['scoring_model'],
        'signal_points': ['scoring_model', 'signal'],
        'fit_rules': ['scoring_model', 'criterion', 'rule_order'],
        'recency_curve': ['scoring_model', 'from_day'],
        'score_bands': ['scoring_model', 'score_band'],
        'grade_scale': ['grade'],
        'qualification_matrix': ['profile', 'grade', 'score_level'],
        'qualification_profiles': ['profile'],
        'profile_triggers': ['profile', 'event', 'signal'],
        'handoff_requirements': ['profile', 'check_name'],
        'model_assignment': ['track', 'rule_order'],
        'stage_transitions': ['from_stage', 'event'],
        'stage_owners': ['profile', 'stage'],
        'stage_timers': ['profile', 'stage'],
        'lifecycle_settings': ['setting'],
        'disposition_reasons': ['reason_code'],
        'sla_policies': ['rule_order'],
        'routing_rules': ['rule_order'],
        'next_actions': ['rule_order'],
    }) }}
{% endmacro %}
