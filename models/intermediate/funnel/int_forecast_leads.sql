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

waiting as (
    {% for step in forecast_steps() %}
    {%- set is_last_step = loop.last %}
    {%- for month in forecast_horizons() %}
    select
        stage,
        entry_path,
        channel,
        age,
        '{{ step }}' as step,
        {{ month }} as month,
        months_back,
        cast({{ step }}_leads as integer) as leads,
        cast({{ step }}_reached_{{ month }} as integer) as reached
    from counted
    where {{ step }}_leads > 0
    {{ 'union all' if not (loop.last and is_last_step) }}
    {%- endfor %}
    {%- endfor %}
)

select * from waiting
