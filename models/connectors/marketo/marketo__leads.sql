{{ kept_rows('marketo', 'leads') }}
