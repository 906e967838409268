{{ newest_per_key(
    relation=ref('lead_qualification', 'base_crm__qualification_answers'),
    keys=['answer_id'],
    newest='answered_at',
    columns=[
        'answer_id',
        'lead_id',
        'framework',
        'criterion',
        'answer',
        'detail',
        'answered_at'
    ]
) }}

select * from newest
