-- Some tools send the whole address of a page as its path.
{%- set page_path = "case when parsed_page_path like 'http://%' or parsed_page_path like 'https://%' then "
    ~ path_of_url('parsed_page_path') ~ ' else coalesce(parsed_page_path, ' ~ path_of_url('page_url') ~ ') end' %}
{{ event_rows('web_events', values={'page_path': page_path}) }}

select * from typed
