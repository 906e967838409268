with

source as (

    select * from {{ raw_table('leads') }}

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('lead_id'),
            problem_missing('created_at'),
            problem_unreadable('created_at', 'timestamp')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unknown('email_status', ['verified', 'unverified', 'bounced']),
            problem_unreadable('crm_lead_score', 'integer'),
            problem_unreadable('phone_is_valid', 'boolean'),
            problem_unreadable('is_deleted', 'boolean'),
            problem_unreadable('updated_at', 'timestamp')
        ]) }} as value_problem
    from source

),

typed as (

    select
        lead_id,
        {{ as_address('email') }} as email,
        first_name,
        last_name,
        job_title,
        phone,
        case
            when lower(email_status) in ('verified', 'unverified', 'bounced')
                then {{ as_code('email_status') }}
        end as email_status,
        account_id,
        company_name,
        country,
        lead_source,
        campaign_id,
        owner_id,
        crm_lifecycle_stage,
        crm_lead_grade,
        merged_into_lead_id,
        {{ as_integer('crm_lead_score') }} as crm_lead_score,
        {{ as_boolean('phone_is_valid') }} as phone_is_valid,
        coalesce({{ as_boolean('is_deleted') }}, false) as is_deleted,
        {{ as_timestamp('created_at') }} as created_at,
        {{ as_timestamp('updated_at') }} as updated_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('leads') }}
        end as raw_row
    from checked

)

select * from typed
