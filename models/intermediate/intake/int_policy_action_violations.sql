{{ config(materialized='ephemeral', tags=['gate']) }}

-- Rules of next_actions.csv that nothing can be made of, and a table that leaves leads without an action.
{%- set key = ['rule_order'] %}
with

violations as (

    {% call per_policy_version() %}
{%- set checks = [
    policy_duplicates('next_actions', key),
    policy_rows_where('next_actions', key, 'rule_order is null', "'rule_order is empty; number the rule'"),
    policy_unknown_items('next_actions', key, 'stage', 'stages', 'stage'),
    policy_unknown_items('next_actions', key, 'profile', 'qualification_profiles', 'profile'),
    policy_unknown_items('next_actions', key, 'grade', 'grade_scale', 'grade'),
    policy_unknown_items('next_actions', key, 'score_level', 'score_bands', 'score_level'),
    policy_unknown_items('next_actions', key, 'has_signal', 'signals', 'signal'),
    policy_list_not_of('next_actions', key, 'stage_owner', owner_ranks() | list),
    policy_list_not_of('next_actions', key, 'sla_status', sla_statuses()),
    policy_rows_where(
        'next_actions', key, 'not coalesce(' ~ regexp_like('action', '^[a-z][a-z0-9_]*$') ~ ', false)',
        "'action is ' || coalesce(action, '(empty)') || '; it is a code in lower-case letters, digits and _, or matrix'"
    ),
    policy_not_one_of('next_actions', key, 'owner', owner_ranks() | list),
    policy_not_given('next_actions', key, ['is_outreach']),
    policy_rows_where(
        'next_actions', key, "is_outreach and owner = 'nobody'",
        "'nobody would write or call; set is_outreach to false or name an owner'"
    ),
    policy_rows_where(
        'next_actions', key, 'due_from not in (' ~ text_literals(due_instants()) ~ ')',
        "'due_from is ' || due_from || '; it is one of " ~ due_instants() | join(', ') ~ " or empty'"
    ),
    policy_rows_where(
        'next_actions', key, 'due_hours is not null and due_from is null',
        "'due_hours count from nothing; name due_from or leave them empty'"
    ),
    policy_empty('next_actions', key, 'description'),
    policy_rows_where(
        'next_actions', key,
        'not ' ~ has_no_action_condition('checked') ~ ' and rule_order = (select max(rule_order) from '
        ~ checked_policy('next_actions') ~ ' as all_rules)',
        "'the last rule has conditions, so some leads would get no action; end with one that has none'"
    ),
    policy_rows_where(
        'next_actions', key,
        has_no_action_condition('checked') ~ ' and rule_order < (select max(rule_order) from '
        ~ checked_policy('next_actions') ~ ' as all_rules)',
        "'it has no conditions and takes every lead, so the rules after it never match; put it last'"
    ),
    policy_no_row_where('next_actions', 'rule_order is not null', 'missing: a rule without conditions, for leads that no other fits')
] + policy_lists_not_of('next_actions', key, yes_or_no_action_conditions(), ['true', 'false'])
+ policy_empty_items_of('next_actions', key, all_action_conditions()) %}
    {{ checks | join(next_check()) }}
    {% endcall %}

)

select * from violations
