-- The checks of the raw data with their verdict by data_health_limits.csv; what is above stop_above ends
-- the build before anything is scored. The limits of a source go before those of every source. Long
-- because each check carries its worst values.
with

figures as (

    select * from {{ ref('lead_qualification', 'int_health_figures') }}

),

summed as (

    select
        check_name,
        source,
        column_name,
        cast(sum(looked_at) as integer) as looked_at,
        cast(sum(affected) as integer) as affected
    from figures
    group by check_name, source, column_name

),

ranked_values as (

    select
        check_name,
        source,
        column_name,
        fault_value || ' (' || cast(cast(sum(affected) as integer) as {{ dbt.type_string() }}) || ')' as value_and_count,
        row_number() over (
            partition by check_name, source, column_name
            order by sum(affected) desc, {{ bytewise('fault_value') }}
        ) as value_rank
    from figures
    where fault_value is not null and affected > 0
    group by check_name, source, column_name, fault_value

),

worst as (

    select
        check_name,
        source,
        column_name,
        {{ joined_texts('value_and_count', ', ', 'value_rank') }} as worst_values
    from ranked_values
    where value_rank <= 5
    group by check_name, source, column_name

),

limits as (

    select * from {{ policy('data_health_limits') }}

),

judged as (

    select
        summed.check_name,
        summed.source,
        summed.column_name,
        summed.looked_at,
        summed.affected,
        {{ ratio('summed.affected', 'summed.looked_at') }} as share,
        coalesce(limits_of_source.warn_above, limits.warn_above) as warn_above,
        coalesce(limits_of_source.stop_above, limits.stop_above) as stop_above,
        coalesce(limits_of_source.stop_from_rows, limits.stop_from_rows, 0) as stop_from_rows,
        worst.worst_values,
        coalesce(limits_of_source.remedy, limits.remedy) as remedy
    from summed
    left join limits as limits_of_source
        on
            summed.check_name = limits_of_source.check_name
            and summed.source = limits_of_source.source
    left join limits
        on
            summed.check_name = limits.check_name
            and limits.source is null
            and limits_of_source.check_name is null
    left join worst
        on
            summed.check_name = worst.check_name
            and summed.source = worst.source
            and coalesce(summed.column_name, '') = coalesce(worst.column_name, '')

),

health as (

    select
        *,
        case
            when share > stop_above and looked_at >= stop_from_rows then 'stop'
            when share > warn_above or share > stop_above then 'warn'
            else 'fine'
        end as verdict
    from judged

)

select * from health
