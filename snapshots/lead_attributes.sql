{% snapshot lead_attributes %}
{{ config(
    unique_key='lead_id',
    strategy='check',
    check_cols=tracked_attributes()['lead'] | list,
    updated_at='as_of',
    enabled=(var('attribute_history') == 'snapshot'),
    post_hook="{{ lead_qualification.forget_erased(this, 'lead') }}"
) }}
{{ attributes_to_remember('lead', 'stg_crm__leads') }}
{% endsnapshot %}
