{{ typed_rows(
    'opportunities',
    row_problems=[problem_if('parsed_closed_at < parsed_created_at', 'closed before created')],
    values={'is_won': 'parsed_closed_at is not null and coalesce(parsed_is_won, false)'}
) }}

select * from typed
