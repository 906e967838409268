{{ typed_rows('qualification_answers') }}

select * from typed
