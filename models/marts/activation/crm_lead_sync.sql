-- What the CRM should say of each lead, where it says something else. Long because each field has a source of its own.
{%- set fields = crm_lead_fields() %}
{%- set compared = compared_fields('leads', fields) %}
-- Computed when the model runs, not while parsing: depends_on {{ raw_relation('leads') }}
with

lead_stages as (

    select
        lead_stages.*,
        {{ waits_for_re_engagement('stages.role') }} as waits_for_re_engagement,
        {{ is_closed('stages.role') }} as is_closed,
        profiles.nurture_track,
        profiles.activation_signal,
        profiles.active_nurture_track
    from {{ ref('lead_qualification', 'lead_stages') }} as lead_stages
    inner join {{ policy('stages') }} as stages on lead_stages.stage = stages.stage
    inner join {{ current_policy('qualification_profiles') }} as profiles on lead_stages.profile = profiles.profile

),

handoffs as (

    select
        *,
        row_number() over (partition by lead_id order by handoff_number desc) as newest_rank
    from {{ ref('lead_qualification', 'handoffs') }}

),

-- Who has used the product as the lead's profile wants it.
activated as (

    select distinct lead_stages.lead_id
    from lead_stages
    inner join {{ ref('lead_qualification', 'int_lead_signals') }} as signals
        on
            lead_stages.lead_id = signals.lead_id
            and lead_stages.activation_signal = signals.signal

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
        case when not lead_stages.is_closed then scores.recommended_action end as recommended_action,
        coalesce(
            case when lead_stages.waits_for_re_engagement then cooldowns.nurture_track end,
            case
                when lead_stages.is_closed or lead_stages.stage_owner <> 'marketing' then null
                when activated.lead_id is null then lead_stages.nurture_track
                else lead_stages.active_nurture_track
            end
        ) as nurture_track,
        case when lead_stages.waits_for_re_engagement then cast(cooldowns.cooldown_until as date) end as re_engage_on,
        cast({{ dbt.date_trunc('second', 'handoffs.handed_off_at') }} as timestamp) as sql_handed_off_at,
        case when handoffs.is_open then handoffs.recommended_rep_id end as recommended_rep_id,
        scores.top_contributions as score_reasons
    from lead_stages
    inner join {{ ref('lead_qualification', 'lead_scores') }} as scores
        on lead_stages.lead_id = scores.lead_id and scores.is_primary
    left join activated on lead_stages.lead_id = activated.lead_id
    left join {{ ref('lead_qualification', 'int_cooldowns') }} as cooldowns on lead_stages.lead_id = cooldowns.lead_id
    left join handoffs
        on
            lead_stages.lead_id = handoffs.lead_id
            and handoffs.newest_rank = 1

),

compared as (

    select
        desired.*,
        {{ columns_of('crm_records', ['crm_object'] + fields.values() | list) }}
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
where changed_fields is not null and {{ is_crm_record('lead_id') }}
