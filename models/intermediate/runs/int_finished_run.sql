-- What the per-lead tables hold: the fingerprint of each lead when they were last all brought up to
-- date, and in which run. Written after all of them; a run of some leaves it as it is.
-- depends_on: {{ ref('lead_qualification', 'int_buying_roles') }}
-- depends_on: {{ ref('lead_qualification', 'int_cooldowns') }}
-- depends_on: {{ ref('lead_qualification', 'int_first_touch_scores') }}
-- depends_on: {{ ref('lead_qualification', 'int_funnel_leads') }}
-- depends_on: {{ ref('lead_qualification', 'int_handoff_activities') }}
-- depends_on: {{ ref('lead_qualification', 'int_handoff_context') }}
-- depends_on: {{ ref('lead_qualification', 'int_handoff_outcomes') }}
-- depends_on: {{ ref('lead_qualification', 'int_ignored_events') }}
-- depends_on: {{ ref('lead_qualification', 'int_prediction_features') }}
-- depends_on: {{ ref('lead_qualification', 'int_recommended_frameworks') }}
{%- set is_complete = builds_every_lead_table() if is_run() else true %}
with

{% if not is_complete and load_cached_relation(this) is not none -%}
finished_run as (

    select * from {{ this }}

)
{%- else -%}
finished_run as (

    select
        fingerprints.lead_id,
        fingerprints.fingerprint,
        scope.run_id,
        scope.as_of,
        scope.code_checksum,
        scope.policy_checksum
    from {{ ref('lead_qualification', 'int_lead_fingerprints') }} as fingerprints
    cross join {{ ref('lead_qualification', 'int_run_scope') }} as scope
    {%- if not is_complete %}
    where 1 = 0
    {%- endif %}

)
{%- endif %}

select * from finished_run
