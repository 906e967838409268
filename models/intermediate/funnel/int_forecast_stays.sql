-- Each stay in a stage with what was known of it when it began, and when the lead reached each step.
with

leads as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

records as (

    select * from {{ ref('lead_qualification', 'int_leads') }}

),

history as (

    select * from {{ ref('lead_qualification', 'lead_stage_history') }}

),

stays as (

    select
        history.lead_id,
        history.stage_number,
        history.stage,
        case
            when leads.sql_proposed_at <= history.entered_at then leads.entry_path
            else 'none'
        end as entry_path,
        leads.channel,
        history.entered_at,
        history.exited_at,
        {% for step, times in forecast_steps().items() -%}
        {{ times.reached_at }} as {{ step }}_reached_at,
        {{ times.past_at }} as {{ step }}_past_at,
        {% endfor -%}
        case
            when records.created_at > history.entered_at then records.created_at
            else history.entered_at
        end as known_at
    from history
    inner join leads on history.lead_id = leads.lead_id
    inner join records on history.lead_id = records.lead_id

)

select * from stays
