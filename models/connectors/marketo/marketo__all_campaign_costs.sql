with

costs as (

    select * from {{ landed('marketo', 'program_cost') }}

),

judged as (

    select
        {{ contract_columns('marketo', 'campaign_costs', {
            'campaign_id': 'costs.program_id',
            'cost_date': 'substr(costs.start_date, 1, 10)',
            'cost': 'costs.cost',
            'source_table': "'program_cost'",
            'fate': "case when costs.start_date is null or costs.cost is null then 'left_out' else 'read' end",
            'fate_reason': "case when costs.start_date is null then 'a cost without a start date' when costs.cost is null then 'no cost' end"
        }, ['program_cost'], 'costs') }}
    from costs

)

select * from judged
