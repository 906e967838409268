{{ config(enabled=is_connected()) }}
{{ connected_rows('qualification_answers') }}
