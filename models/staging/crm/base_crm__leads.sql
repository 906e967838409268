with

source as (

    select * from {{ raw_table('leads') }}

),

parsed as (

    select
        *,
        {{ as_integer('crm_lead_score') }} as parsed_crm_lead_score,
        {{ as_date('crm_re_engage_on') }} as parsed_crm_re_engage_on,
        {{ as_timestamp('crm_sql_handed_off_at') }} as parsed_crm_sql_handed_off_at,
        {{ as_boolean('phone_is_valid') }} as parsed_phone_is_valid,
        {{ as_boolean('is_deleted') }} as parsed_is_deleted,
        {{ as_timestamp('created_at') }} as parsed_created_at,
        {{ as_timestamp('updated_at') }} as parsed_updated_at
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('lead_id'),
            problem_missing('created_at'),
            problem_unreadable('created_at')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unknown('email_status', ['verified', 'unverified', 'bounced']),
            problem_unreadable('crm_lead_score'),
            problem_unreadable('crm_re_engage_on'),
            problem_unreadable('crm_sql_handed_off_at'),
            problem_unreadable('phone_is_valid'),
            problem_unreadable('is_deleted'),
            problem_unreadable('updated_at')
        ]) }} as value_problem
    from parsed

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
        crm_lead_stage,
        crm_lead_grade,
        crm_recommended_action,
        crm_nurture_track,
        crm_recommended_rep_id,
        crm_score_reasons,
        merged_into_lead_id,
        parsed_crm_lead_score as crm_lead_score,
        parsed_crm_re_engage_on as crm_re_engage_on,
        parsed_crm_sql_handed_off_at as crm_sql_handed_off_at,
        parsed_phone_is_valid as phone_is_valid,
        coalesce(parsed_is_deleted, false) as is_deleted,
        parsed_created_at as created_at,
        parsed_updated_at as updated_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('leads') }}
        end as raw_row
    from checked

)

select * from typed
