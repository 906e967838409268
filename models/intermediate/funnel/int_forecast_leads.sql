-- How many leads are there at each instant and wait for each step, and how many of them reached it one, two and three
-- months later.
with

stays as (

    select * from {{ ref('lead_qualification', 'int_forecast_stays') }}

),

instants as (

    select * from {{ ref('lead_qualification', 'int_forecast_instants') }}

),

present as (

    select
        stays.*,
        instants.months_back,
        instants.forecast_at,
        {{ months_of_30_days('stays.entered_at', 'instants.forecast_at', 'floor') }} as age
    from stays
    inner join instants
        on
            stays.known_at <= instants.forecast_at
            and coalesce(stays.exited_at > instants.forecast_at, true)

),

counted as (

    select
        stage,
        entry_path,
        channel,
        age,
        months_back,
        {{ leads_before_steps() }}
    from present
    group by stage, entry_path, channel, age, months_back

),

ahead as (

    {{ steps_and_months() }}

),

waiting as (

    select
        counted.stage,
        counted.entry_path,
        counted.channel,
        counted.age,
        ahead.step,
        ahead.month,
        counted.months_back,
        cast({{ of_step('leads') }} as integer) as leads,
        cast({{ of_step_and_month('reached') }} as integer) as reached
    from counted
    cross join ahead

)

select * from waiting
where leads > 0
