{{ typed_rows('leads', values={
    'is_deleted': 'coalesce(parsed_is_deleted, false)',
    'has_opted_out': 'coalesce(parsed_has_opted_out, false)',
    'created_at': 'case when parsed_created_at >= ' ~ earliest_plausible() ~ ' then parsed_created_at end'
}) }}

select * from typed
