with

submissions as (

    select * from {{ landed('hubspot_fivetran', 'contact_form_submission') }}

),

forms as (

    select * from {{ landed('hubspot_fivetran', 'form') }}

),

named as (

    select
        coalesce(submissions.conversion_id, {{ joined_key(['submissions.form_id', 'submissions.timestamp']) }}) as submission_id,
        submissions.contact_id,
        coalesce(forms.name, submissions.title) as form_name,
        {{ landed_time('submissions.timestamp') }} as occurred_at
        {{- custom_items('hubspot_fivetran', 'marketing_activities', ['contact_form_submission'], 'contact_form_submission', 'submissions') }}
    from submissions
    left join forms on submissions.form_id = forms.guid

)

select * from named
