{{ config(materialized='ephemeral', tags=['gate']) }}

-- Rows of lists that stand twice, are empty or mean nothing, and items of lists that would match
-- everything or nothing. dbt loads the placeholder null as an empty cell on some engines.
{%- set fit_rule = ['scoring_model', 'criterion', 'rule_order'] %}
{%- set checks = [
    policy_duplicates('placeholders', ['value'], "lower(trim(coalesce(value, 'null')))"),
    policy_empty('placeholders', ['value', 'applies_to'], 'applies_to'),
    policy_items_not_one_of('placeholders', ['value'], 'applies_to', ['text', 'address', 'identifier']),
    policy_duplicates('shared_mailboxes', ['local_part'], 'lower(trim(local_part))'),
    policy_empty('shared_mailboxes', ['local_part'], 'local_part'),
    policy_rows_where(
        'shared_mailboxes', ['local_part'], contains('local_part', "'@'"),
        "'local_part is what stands before the @; delete the rest'"
    ),
    policy_duplicates('countries', ['name'], as_country_name('name')),
    policy_empty('countries', ['name', 'country'], 'name'),
    policy_rows_where(
        'countries', ['name'],
        'country is null or not ' ~ regexp_like('country', '^[A-Za-z][A-Za-z]$'),
        "'country is ' || coalesce(country, '(empty)') || '; it is a code of two letters such as DE'"
    ),
    policy_empty('email_domains', ['email_domain'], 'email_domain'),
    policy_rows_where(
        'email_domains', ['email_domain'],
        'not ' ~ regexp_like('email_domain', '^[^@[:space:]]+[.][^@.[:space:]]+$'),
        "'email_domain is what stands after the @, such as gmail.com'"
    ),
    policy_duplicates('bot_user_agents', ['pattern'], 'lower(trim(pattern))'),
    policy_empty('bot_user_agents', ['pattern'], 'pattern'),
    policy_not_given('bot_user_agents', ['pattern'], ['is_word']),
    policy_empty_items('bot_user_agents', ['pattern'], 'unless'),
    policy_empty('channels', ['lead_source'], 'lead_source'),
    policy_empty('channels', ['lead_source'], 'channel'),
    policy_empty_items('fit_rules', fit_rule, 'match_values', true, "match_type = 'has_word'"),
    policy_empty_items('fit_rules', fit_rule, 'match_values', false, "match_type = 'in'"),
    policy_rows_where(
        'fit_rules', fit_rule, "match_type in ('in', 'has_word') and match_values is null",
        "'match_values is empty; list what matches, with | between'"
    ),
    policy_empty('buying_roles', ['rule_order'], 'phrase'),
    policy_empty('buying_roles', ['rule_order'], 'buying_role'),
    policy_empty_items('buying_roles', ['rule_order', 'phrase'], 'phrase', true),
    policy_empty_items('sla_policies', ['rule_order', 'sla_policy'], 'handoff_signals'),
    policy_empty_items('routing_rules', ['rule_order'], 'countries'),
    policy_empty_items('routing_rules', ['rule_order'], 'company_segments'),
    policy_empty_items('qualification_profiles', ['profile'], 'qualifying_frameworks')
] + policy_empty_items_of('model_assignment', ['track', 'rule_order'], lasting_conditions() + attribute_conditions() + signal_conditions()) %}
with

violations as (

    {{ checks | join('\n    union all\n    ') }}

)

select * from violations
