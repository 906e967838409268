{{ config(materialized='view') }}

-- The rows of derived_signals.csv, one for each signal that from_signals lists.
with

positions as (

    {{ whole_numbers(1, 100) }}

),

parts as (

    select distinct
        derived.signal,
        derived.kind,
        lower({{ trim_whitespace(text_part('derived.from_signals', '|', 'positions.number')) }}) as from_signal,
        derived.min_count,
        derived.distinct_of,
        derived.within_days,
        lower(derived.then_signal) as then_signal,
        derived.within_hours
    from {{ policy('derived_signals') }} as derived
    inner join positions
        on positions.number <= 1 + length(derived.from_signals) - length(replace(derived.from_signals, '|', ''))

)

select * from parts
