{% snapshot handoff_publications %}
{{ config(
    unique_key=['lead_id', 'handed_off_at'],
    strategy='check',
    check_cols=['handed_off_at'],
    updated_at='as_of',
    enabled=var('handoff_publications'),
    post_hook="{{ lead_qualification.forget_erased(this, 'lead') }}"
) }}
{{ handoffs_to_publish() }}
{% endsnapshot %}
