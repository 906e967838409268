with

source as (

    select * from {{ raw_table('campaigns') }}

),

parsed as (

    select
        *,
        {{ as_date('starts_on') }} as parsed_starts_on,
        {{ as_date('ends_on') }} as parsed_ends_on
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('campaign_id')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('starts_on'),
            problem_unreadable('ends_on')
        ]) }} as value_problem
    from parsed

),

typed as (

    select
        campaign_id,
        name,
        {{ as_code('channel') }} as channel,
        parsed_starts_on as starts_on,
        parsed_ends_on as ends_on,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('campaigns') }}
        end as raw_row
    from checked

)

select * from typed
