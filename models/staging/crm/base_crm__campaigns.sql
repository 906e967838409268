with

source as (

    select * from {{ raw_table('campaigns') }}

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('campaign_id')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('starts_on', 'date'),
            problem_unreadable('ends_on', 'date')
        ]) }} as value_problem
    from source

),

typed as (

    select
        campaign_id,
        name,
        {{ as_code('channel') }} as channel,
        {{ as_date('starts_on') }} as starts_on,
        {{ as_date('ends_on') }} as ends_on,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('campaigns') }}
        end as raw_row
    from checked

)

select * from typed
