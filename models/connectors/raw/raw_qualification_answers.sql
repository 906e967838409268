{{ connected_rows('qualification_answers') }}
