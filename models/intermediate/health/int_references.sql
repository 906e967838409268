-- How often each column that names a record of another table does so, by the value where it finds
-- nothing (else null). A table without any row cannot be asked.
{%- set references = [] %}
{%- for source_name, contract in raw_contracts().items() %}
{%- for column in contract.columns if column.references %}
{%- do references.append((source_name, contract, column, raw_contracts()[column.references])) %}
{%- endfor %}
{%- endfor %}
with

record_keys as (
    {% for table_name in references | map(attribute=2) | map(attribute='references') | unique %}
    {%- set target = raw_contracts()[table_name] %}
    select distinct
        '{{ table_name }}' as table_name,
        {{ target.key[0] }} as record_key
    from {{ ref('lead_qualification', target.base.replace('base_', 'stg_', 1)) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

named as (
    {% for source_name, contract, column, target in references %}
    select
        '{{ source_name }}' as source,
        '{{ column.name }}' as column_name,
        case when targets.record_key is null then records.{{ column.name }} end as missing_value,
        cast(count(*) as integer) as affected
    from {{ ref('lead_qualification', contract.base.replace('base_', 'stg_', 1)) }} as records
    left join record_keys as targets
        on
            records.{{ column.name }} = targets.record_key
            and targets.table_name = '{{ column.references }}'
    where
        records.{{ column.name }} is not null
        and exists (select 1 from {{ ref('lead_qualification', target.base) }})
    group by case when targets.record_key is null then records.{{ column.name }} end
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from named
