{#-
    What the project knows of the policy without knowing its keys: a row says by its role what it
    is to the project, and may be renamed. The linter (int_policy_role_violations) sees to it that
    every role is there.
-#}

{#- Roles that exactly one row of a table has; roles that at least one row has. -#}
{% macro policy_roles() %}
    {{ return({
        'stages': {
            'key': 'stage',
            'one': [
                'start', 'long_term_nurture', 'proposed', 'accepted', 'qualified', 'opportunity', 'customer',
                'disqualified', 'suppressed'
            ],
            'some': ['nurture', 'mql', 'pql'],
        },
        'signals': {'key': 'signal', 'one': [], 'some': ['bounce', 'opt_out', 'opt_in', 'complaint']},
        'disposition_reasons': {
            'key': 'reason_code',
            'one': ['competitor', 'complaint', 'out_of_business', 'closed_lost'],
            'some': [],
        },
    }) }}
{% endmacro %}


{#- Roles of stages of which the second is further down the funnel than the first. -#}
{% macro ranked_roles() %}
    {{ return([
        ('mql', 'proposed'), ('pql', 'proposed'), ('proposed', 'accepted'), ('accepted', 'qualified'),
        ('qualified', 'opportunity'), ('opportunity', 'customer')
    ]) }}
{% endmacro %}


{#- The stage with a role, as a scalar subquery. Example: {{ stage_of_role('suppressed') }} -#}
{% macro stage_of_role(role) -%}
    (select min(stage) from {{ lead_qualification.policy('stages') }} where role = '{{ role }}')
{%- endmacro %}


{#- The funnel_rank of the stage with a role, as a scalar subquery. -#}
{% macro rank_of_role(role) -%}
    (select min(funnel_rank) from {{ lead_qualification.policy('stages') }} where role = '{{ role }}')
{%- endmacro %}


{#- The reason with a role, as a scalar subquery, lower-cased as reasons are compared. -#}
{% macro reason_of_role(role) -%}
    (select lower(min(reason_code)) from {{ lead_qualification.current_policy('disposition_reasons') }} as disposition_reasons where role = '{{ role }}')
{%- endmacro %}


{#- Whether a stage is one in which a lead waits to be written to again. -#}
{% macro waits_for_re_engagement(role) -%}
    {{ role }} in ('nurture', 'long_term_nurture', 'mql')
{%- endmacro %}


{#- Whether a stage closes a lead. -#}
{% macro is_closed(role) -%}
    coalesce({{ role }} in ('disqualified', 'suppressed'), false)
{%- endmacro %}


{#- Motions of channels.csv: they came to us, or we approached them. -#}
{% macro motions() %}
    {{ return(['inbound', 'outbound']) }}
{% endmacro %}


{#- What sales can decide about a hand-off by sending the lead back. -#}
{% macro dispositions() %}
    {{ return(['rejected', 'recycled', 'disqualified', 'regressed']) }}
{% endmacro %}
