-- The opt-out that the CRM's flag says of a lead, where no event does: at its time, else at the last
-- change of the record. A flag that an opt-out after the last opt-in explains says nothing new, and
-- one that is older than an opt-in is outdated.
with

flags as (

    select
        records.lead_id,
        coalesce(
            leads.opted_out_at,
            case when leads.updated_at < {{ as_of() }} then leads.updated_at when leads.updated_at is not null then {{ as_of() }} end,
            leads.created_at
        ) as opted_out_at
    from {{ ref('lead_qualification', 'stg_crm__leads') }} as leads
    inner join {{ ref('lead_qualification', 'int_lead_records') }} as records on leads.lead_id = records.record_id
    where leads.has_opted_out

),

latest_flags as (

    select
        lead_id,
        max(opted_out_at) as opted_out_at
    from flags
    where opted_out_at <= {{ as_of() }}
    group by lead_id

),

consents as (

    select
        events.lead_id,
        max(case when signals.role = 'opt_in' then events.occurred_at end) as last_opt_in_at,
        max(case when signals.role in ('opt_out', 'complaint') then events.occurred_at end) as last_opt_out_at
    from {{ ref('lead_qualification', 'int_event_signals') }} as events
    inner join {{ policy('signals') }} as signals on events.signal = signals.signal
    where signals.role in ('opt_in', 'opt_out', 'complaint')
    group by events.lead_id

),

flag_signals as (

    select min(signal) as signal
    from {{ policy('signal_map') }}
    where source = 'leads' and event_name = 'has_opted_out'

),

opt_outs as (

    select
        latest_flags.lead_id,
        latest_flags.opted_out_at as occurred_at,
        signals.signal,
        signals.origin,
        signals.is_engagement,
        signals.is_meaningful,
        signals.is_high_intent
    from latest_flags
    cross join flag_signals
    inner join {{ policy('signals') }} as signals on flag_signals.signal = signals.signal
    left join consents on latest_flags.lead_id = consents.lead_id
    where
        (consents.last_opt_in_at is null and consents.last_opt_out_at is null)
        or (
            consents.last_opt_in_at <= latest_flags.opted_out_at
            and (consents.last_opt_out_at is null or consents.last_opt_out_at <= consents.last_opt_in_at)
        )

)

select * from opt_outs
