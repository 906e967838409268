{% snapshot account_attributes %}
{{ config(
    unique_key='account_id',
    strategy='check',
    check_cols=tracked_attributes()['account'] | list,
    updated_at='as_of',
    enabled=(var('attribute_history') == 'snapshot'),
    post_hook="{{ lead_qualification.forget_erased(this, 'account') }}"
) }}
{{ attributes_to_remember('account', 'stg_crm__accounts') }}
{% endsnapshot %}
