{{ event_rows('web_events', values={
    'page_path': 'coalesce(parsed_page_path, ' ~ path_of_url('page_url') ~ ')'
}) }}

select * from typed
