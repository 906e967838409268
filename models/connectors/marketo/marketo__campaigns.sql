{{ kept_rows('marketo', 'campaigns') }}
