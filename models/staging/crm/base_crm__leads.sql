{{ typed_rows('leads', values={'is_deleted': 'coalesce(parsed_is_deleted, false)'}) }}

select * from typed
