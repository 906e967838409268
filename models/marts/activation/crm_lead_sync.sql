-- What the CRM should say of each lead, where it says something else. Long because each field has a source of its own.
{%- set fields = crm_lead_fields() %}
{%- set compared = compared_fields('leads', fields) %}
-- Computed when the model runs, not while parsing: depends_on {{ raw_relation('leads') }}
with

lead_stages as (

    select
        lead_stages.*,
        {{ is_closed('stages.role') }} as is_closed
    from {{ ref('lead_qualification', 'lead_stages') }} as lead_stages
    inner join {{ policy('stages') }} as stages on lead_stages.stage = stages.stage

),

-- The cooldown of a lead that marketing has; with an open deal sales has it.
resting as (

    select re_engagements.*
    from {{ ref('lead_qualification', 'int_re_engagements') }} as re_engagements
    inner join {{ ref('lead_qualification', 'next_best_action') }} as actions on re_engagements.lead_id = actions.lead_id
    where actions.owner = 'marketing'

),

handoffs as (

    select
        *,
        row_number() over (partition by lead_id order by handoff_number desc) as newest_rank
    from {{ ref('lead_qualification', 'handoffs') }}

),

crm_records as (

    select * from {{ ref('lead_qualification', 'stg_crm__leads') }}

),

desired as (

    select
        lead_stages.lead_id,
        lead_stages.funnel_stage as lifecycle_stage,
        lead_stages.stage as lead_stage,
        cast(floor(scores.adjusted_score + 0.5) as integer) as lead_score,
        scores.grade as lead_grade,
        case when not lead_stages.is_closed then actions.action end as recommended_action,
        case when not lead_stages.is_closed then actions.owner end as action_owner,
        case when not lead_stages.is_closed then cast({{ dbt.date_trunc('second', 'actions.due_at') }} as timestamp) end as action_due_at,
        case when not lead_stages.is_closed then coalesce(resting.nurture_track, actions.nurture_track) end as nurture_track,
        cast({{ report_time('resting.cooldown_until') }} as date) as re_engage_on,
        cast({{ dbt.date_trunc('second', 'handoffs.handed_off_at') }} as timestamp) as sql_handed_off_at,
        case when handoffs.is_open then handoffs.recommended_rep_id end as recommended_rep_id,
        case when handoffs.is_open then cast({{ dbt.date_trunc('second', 'handoffs.sla_due_at') }} as timestamp) end as sla_due_at,
        lead_stages.held_back_by,
        case when handoffs.is_open then {{ handoff_context('handoffs') }} end as handoff_context,
        scores.top_contributions as score_reasons
    from lead_stages
    inner join {{ ref('lead_qualification', 'lead_scores') }} as scores
        on lead_stages.lead_id = scores.lead_id and scores.is_primary
    inner join {{ ref('lead_qualification', 'next_best_action') }} as actions on lead_stages.lead_id = actions.lead_id
    left join resting on lead_stages.lead_id = resting.lead_id
    left join handoffs
        on
            lead_stages.lead_id = handoffs.lead_id
            and handoffs.newest_rank = 1

),

compared as (

    select
        desired.*,
        crm_records.crm_object,
        {{ known_to_crm('leads', fields, 'desired', 'crm_records') }}
    from desired
    inner join crm_records on desired.lead_id = crm_records.lead_id

),

differences as (

    select
        lead_id,
        crm_object,
        {{ (fields.keys() | list + fields.values() | list) | join(', ') }},
        {{ sync_columns('lead_id', fields, compared) }},
        {{ as_of() }} as computed_at
    from compared

)

select * from differences
where changed_fields is not null and {{ is_crm_record('lead_id', 'crm_object') }}
