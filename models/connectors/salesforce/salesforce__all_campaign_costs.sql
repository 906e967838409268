with

campaigns as (

    select * from {{ landed('salesforce', 'campaign') }}

),

judged as (

    select
        {{ contract_columns('salesforce', 'campaign_costs', {
            'campaign_id': 'campaigns.id',
            'cost_date': 'substr(campaigns.start_date, 1, 10)',
            'cost': 'campaigns.actual_cost',
            'source_table': "'campaign'",
            'source_column': "'actual_cost'",
            'fate': "case when " ~ salesforce_deleted('campaigns') ~ " or campaigns.actual_cost is null or campaigns.start_date is null "
                ~ "then 'left_out' else 'read' end",
            'fate_reason': "case when " ~ salesforce_deleted('campaigns') ~ " then 'deleted' when campaigns.actual_cost is null then 'no cost' "
                ~ "when campaigns.start_date is null then 'a cost without a start date' end"
        }, ['campaign'], 'campaigns') }}
    from campaigns

)

select * from judged
