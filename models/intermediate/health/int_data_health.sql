-- The checks of the raw data with their verdict by data_health_limits.csv; what is above stop_above ends
-- the build before anything is scored. Long because each check carries its worst values.
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
        fault_value,
        sum(affected) as affected,
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
        {{ joined_texts("fault_value || ' (' || cast(cast(affected as integer) as " ~ dbt.type_string() ~ ") || ')'", ', ', 'value_rank') }} as worst_values
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
        limits.warn_above,
        limits.stop_above,
        worst.worst_values,
        limits.remedy
    from summed
    left join limits
        on
            summed.check_name = limits.check_name
            and (limits.source is null or limits.source = summed.source)
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
            when share > stop_above then 'stop'
            when share > warn_above then 'warn'
            else 'fine'
        end as verdict
    from judged

)

select * from health
