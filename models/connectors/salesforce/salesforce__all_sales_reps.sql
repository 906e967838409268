with

users as (

    select * from {{ landed('salesforce', 'user') }}

),

judged as (

    select
        {{ contract_columns('salesforce', 'sales_reps', {
            'rep_id': 'users.id',
            'name': "coalesce(users.name, nullif(trim(coalesce(users.first_name, '') || ' ' || coalesce(users.last_name, '')), ''))",
            'email': 'lower(users.email)',
            'is_active': 'users.is_active',
            'source_table': "'user'",
            'source_column': "'user_type'",
            'source_value': 'users.user_type',
            'fate': "case when coalesce(lower(users.user_type), 'standard') = 'standard' then 'read' else 'left_out' end",
            'fate_reason': "case when coalesce(lower(users.user_type), 'standard') <> 'standard' then 'no person' end"
        }, ['user'], 'users') }}
    from users

)

select * from judged
