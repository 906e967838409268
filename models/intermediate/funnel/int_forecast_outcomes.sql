-- How many stays that lasted for so many months had reached each step one, two and three months later, by the first
-- instant at which that was known. Long because a stay has a row for each of its months, and there are millions of
-- those: steps and months ahead are columns until they are counted.
with

stays as (

    select
        stage,
        entry_path,
        channel,
        entered_at,
        {{ months_of_30_days('entered_at', as_of(), 'floor') }} as months_ended,
        {{ months_of_30_days('entered_at', 'known_at', 'ceil') }} as known_in,
        {{ months_to_steps() }}
    from {{ ref('lead_qualification', 'int_forecast_stays') }}

),

looked_at as (

    select
        *,
        least(
            months_ended,
            greatest({{ columns_of_steps('waits') }}) + {{ forecast_horizons() | max }} - 1
        ) as last_number
    from stays
    where greatest({{ columns_of_steps('waits') }}) > 0

),

numbers as (

    select number
    from ({{ whole_numbers(1, 600) }}) as all_numbers
    where number <= (select max(looked_at.last_number) from looked_at)

),

months as (

    select
        looked_at.*,
        numbers.number,
        {{ add_days('looked_at.entered_at', '30 * numbers.number') }} as matured_at
    from looked_at
    inner join numbers on looked_at.last_number >= numbers.number

),

dated as (

    select
        months.*,
        coalesce(
            case
                when months.matured_at <= instants.forecast_at then instants.months_back
                else instants.months_back - 1
            end,
            {{ 2 * back_tested_months() }}
        ) as months_back
    from months
    left join {{ ref('lead_qualification', 'int_forecast_instants') }} as instants on {{ month_of('months.matured_at') }} = instants.month

),

counted as (

    select
        stage,
        entry_path,
        channel,
        number,
        months_back
        {%- for step in forecast_steps() %}
        {%- for month in forecast_horizons() %},
        sum(case
            when number - {{ month }} >= known_in and number - {{ month }} < {{ step }}_waits then 1
            else 0
        end) as {{ step }}_stays_{{ month }},
        sum(case
            when number - {{ month }} >= known_in and number - {{ month }} < {{ step }}_waits and {{ step }}_in <= number then 1
            else 0
        end) as {{ step }}_reached_{{ month }}
        {%- endfor %}
        {%- endfor %}
    from dated
    group by stage, entry_path, channel, number, months_back

),

ahead as (

    {{ steps_and_months() }}

),

outcomes as (

    select
        counted.stage,
        counted.entry_path,
        counted.channel,
        counted.number - ahead.month as age,
        ahead.step,
        ahead.month,
        counted.months_back,
        cast({{ of_step_and_month('stays') }} as integer) as stays,
        cast({{ of_step_and_month('reached') }} as integer) as reached
    from counted
    cross join ahead
    where counted.number >= ahead.month

)

select * from outcomes
where stays > 0
