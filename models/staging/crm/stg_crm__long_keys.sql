-- Keys of 18 characters by their first 15, where these name one of them alone: Salesforce shows keys
-- in both lengths. A key of 15 characters that is itself there stands for itself.
{%- set keys = {} %}
{%- for table_name, contract in raw_contracts().items() %}
{%- for column in contract.columns if column.references %}
{%- do keys.update({column.references: raw_contracts()[column.references]}) %}
{%- endfor %}
{%- endfor %}
with

record_keys as (
    {% for table_name, contract in keys.items() %}
    select distinct
        '{{ table_name }}' as table_name,
        {{ contract.key[0] }} as written_key
    from {{ ref('lead_qualification', contract.base) }}
    where length({{ contract.key[0] }}) in (15, 18)
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

long_keys as (

    select
        table_name,
        substr(written_key, 1, 15) as short_key,
        min(written_key) as record_key
    from record_keys
    group by table_name, substr(written_key, 1, 15)
    having count(*) = 1 and min(length(written_key)) = 18

)

select * from long_keys
