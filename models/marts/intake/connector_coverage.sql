{{ config(enabled=(var('connectors', {}) or {}) | length > 0) }}

-- What the connectors landed and what became of it; nothing of a source is lost silently.
with

coverage as (

    {% for connector in connectors() %}
    select * from {{ ref('lead_qualification', connector ~ '__coverage') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

typed as (

    select
        coverage.connector,
        coverage.contract_table,
        coverage.contract_column,
        coverage.source_table,
        coverage.source_column,
        coverage.source_value,
        coverage.outcome,
        coverage.reason,
        cast(sum(coverage.row_count) as integer) as row_count
    from coverage
    group by
        coverage.connector,
        coverage.contract_table,
        coverage.contract_column,
        coverage.source_table,
        coverage.source_column,
        coverage.source_value,
        coverage.outcome,
        coverage.reason

)

select * from typed
