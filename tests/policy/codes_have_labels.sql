{{ config(severity='warn') }}

-- Codes of the policy that labels.csv has no words for; people read them with spaces for underscores.
with

codes as (

    {% for kind, table_name, column_name in labelled_codes() -%}
    select
        '{{ kind }}' as kind,
        {{ column_name }} as code,
        '{{ policy_file(table_name) }}' as named_in
    from {{ policy(table_name) }} as {{ table_name }}
    {{ 'union' if not loop.last }}
    {% endfor %}

),

unlabelled as (

    select
        codes.kind,
        codes.code,
        codes.named_in
    from codes
    left join {{ policy('labels') }} as labels on codes.kind = labels.kind and codes.code = labels.code
    where codes.code is not null and labels.label is null

)

select * from unlabelled
