{{ config(materialized='ephemeral', tags=['gate']) }}

-- Labels that nobody would see, and codes with two of them or an empty one.
{%- set key = ['kind', 'code'] %}
with

violations as (

    {% call per_policy_version() %}
{%- set checks = [
    policy_duplicates('labels', key),
    policy_not_one_of('labels', key, 'kind', label_kinds()),
    policy_empty('labels', key, 'code'),
    policy_empty('labels', key, 'label')
] %}
    {{ checks | join(next_check()) }}
    {% endcall %}

)

select * from violations
