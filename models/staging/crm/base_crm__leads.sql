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
        {{ as_text('lead_id') }} as lead_id,
        {{ as_address('email') }} as email,
        {{ as_text('first_name') }} as first_name,
        {{ as_text('last_name') }} as last_name,
        {{ as_text('job_title') }} as job_title,
        {{ as_text('phone') }} as phone,
        case
            when {{ as_code('email_status') }} in ('verified', 'unverified', 'bounced')
                then {{ as_code('email_status') }}
        end as email_status,
        {{ as_text('account_id') }} as account_id,
        {{ as_text('company_name') }} as company_name,
        {{ as_text('country') }} as country,
        {{ as_text('lead_source') }} as lead_source,
        {{ as_text('campaign_id') }} as campaign_id,
        {{ as_text('owner_id') }} as owner_id,
        {{ as_text('crm_lifecycle_stage') }} as crm_lifecycle_stage,
        {{ as_text('crm_lead_grade') }} as crm_lead_grade,
        {{ as_text('merged_into_lead_id') }} as merged_into_lead_id,
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
