{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('campaigns') }}

),

typed as (

    select
        {{ as_text('campaign_id') }} as campaign_id,
        {{ as_text('name') }} as name,
        {{ as_code('channel') }} as channel,
        {{ as_date('starts_on') }} as starts_on,
        {{ as_date('ends_on') }} as ends_on,
        {{ row_as_json('campaigns') }} as raw_row,
        {{ first_problem([
            problem_missing('campaign_id')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('starts_on', 'date'),
            problem_unreadable('ends_on', 'date')
        ]) }} as value_problem
    from source

)

select * from typed
