-- is_closed decides whether a deal is closed; without it closed_at and a known is_won do. A closed
-- deal without closed_at closed when it was last changed. What closed before it was created was
-- entered late: it was created when it closed. closed_at is here as it was given, be it a plan: it
-- says which row is newer.
{%- set is_closed = "coalesce(parsed_is_closed, parsed_closed_at is not null and parsed_is_won is not null)" %}
{%- set closed_at = "case when " ~ is_closed ~ " then coalesce(parsed_closed_at, parsed_updated_at) end" %}
{{ typed_rows(
    'opportunities',
    row_problems=[
        problem_if(is_closed ~ ' and coalesce(parsed_closed_at, parsed_updated_at) is null', 'missing closed_at'),
        problem_if(closed_at ~ ' < ' ~ earliest_plausible(), 'implausible closed_at')
    ],
    value_problems=[
        problem_if('parsed_is_closed is null and parsed_is_won is null and parsed_closed_at is not null', 'planned closed_at'),
        problem_if(closed_at ~ ' < parsed_created_at', 'late created_at')
    ],
    values={
        'is_closed': is_closed,
        'is_won': is_closed ~ ' and coalesce(parsed_is_won, false)',
        'created_at': 'case when ' ~ closed_at ~ ' < parsed_created_at then ' ~ closed_at ~ ' else parsed_created_at end'
    }
) }}

select * from typed
