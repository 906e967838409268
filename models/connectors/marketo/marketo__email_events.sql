{{ kept_rows('marketo', 'email_events') }}
