{{ typed_rows(
    'leads',
    value_problems=[problem_if('parsed_opted_out_at < ' ~ earliest_plausible(), 'implausible opted_out_at')],
    values={
        'is_deleted': 'coalesce(parsed_is_deleted, false)',
        'has_opted_out': 'coalesce(parsed_has_opted_out, false)',
        'opted_out_at': 'case when parsed_opted_out_at >= ' ~ earliest_plausible() ~ ' then parsed_opted_out_at end',
        'created_at': 'case when parsed_created_at >= ' ~ earliest_plausible() ~ ' then parsed_created_at end'
    }
) }}

select * from typed
