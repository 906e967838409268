-- Where each lead stands at as_of, and since when. Long by its columns.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_leads') }}

),

profiles as (

    select * from {{ ref('lead_qualification', 'int_lead_profiles') }}

),

current_states as (

    select * from {{ ref('lead_qualification', 'int_current_states') }}

),

settings as (

    select
        cast({{ lifecycle_setting('sql_definition_rank') }} as integer) as sql_definition_rank,
        {{ rank_of_role('proposed') }} as proposed_rank,
        {{ rank_of_role('accepted') }} as accepted_rank,
        {{ rank_of_role('qualified') }} as qualified_rank

),

lead_stages as (

    select
        leads.lead_id,
        leads.account_id,
        leads.channel,
        leads.motion,
        leads.intent_class,
        leads.company_segment,
        leads.campaign_id,
        profiles.scoring_model,
        profiles.profile,
        first_seen.first_seen_at,
        current_states.stage,
        stages.funnel_stage,
        history.owner as stage_owner,
        current_states.entered_at as stage_entered_at,
        {{ whole_days('current_states.entered_at', as_of()) }} as days_in_stage,
        milestones.mql_at,
        milestones.pql_at,
        milestones.sql_proposed_at,
        milestones.sql_accepted_at,
        milestones.sql_qualified_at,
        case settings.sql_definition_rank
            when settings.proposed_rank then milestones.sql_proposed_at
            when settings.accepted_rank then milestones.sql_accepted_at
            when settings.qualified_rank then milestones.sql_qualified_at
        end as sql_at,
        milestones.opportunity_at,
        milestones.customer_at,
        current_states.regressions,
        current_states.cooldown_until,
        case
            when milestones.sql_proposed_at is null then 'none'
            when milestones.mql_at is not null then 'via_mql'
            when milestones.pql_at is not null then 'via_pql'
            else 'direct'
        end as entry_path,
        {% if has_policy_versions() -%}
        (select policy_version from {{ ref('lead_qualification', 'int_policy_versions') }} where is_current)
        {%- else -%}
        1
        {%- endif %} as policy_version,
        {{ as_of() }} as as_of,
        {% if has_handoff_requirements() -%}
        case when stages.owner = 'marketing' then held_back.held_back_by end
        {%- else -%}
        cast(null as {{ dbt.type_string() }})
        {%- endif %} as held_back_by
    from leads
    cross join settings
    inner join profiles on leads.lead_id = profiles.lead_id
    inner join {{ ref('lead_qualification', 'int_lead_first_seen') }} as first_seen on leads.lead_id = first_seen.lead_id
    inner join current_states on leads.lead_id = current_states.lead_id
    inner join {{ ref('lead_qualification', 'lead_stage_history') }} as history
        on
            leads.lead_id = history.lead_id
            and current_states.stage_number = history.stage_number
    inner join {{ policy('stages') }} as stages on current_states.stage = stages.stage
    inner join {{ ref('lead_qualification', 'int_lead_milestones') }} as milestones on leads.lead_id = milestones.lead_id
    {%- if has_handoff_requirements() %}
    left join {{ ref('lead_qualification', 'int_held_back_leads') }} as held_back on leads.lead_id = held_back.lead_id
    {%- endif %}

)

select * from lead_stages
