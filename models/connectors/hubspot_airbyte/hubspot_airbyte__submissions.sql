with

submissions as (

    select * from {{ landed('hubspot_airbyte', 'contacts_form_submissions') }}

),

named as (

    select
        coalesce(submissions.conversion_id, {{ joined_key(['submissions.form_id', 'submissions.timestamp']) }}) as submission_id,
        coalesce(submissions.canonical_vid, submissions.vid) as contact_id,
        submissions.title as form_name,
        {{ landed_time('submissions.timestamp') }} as occurred_at
        {{- custom_items('hubspot_airbyte', 'marketing_activities', ['contacts_form_submissions'], 'contacts_form_submissions', 'submissions') }}
    from submissions

)

select * from named
