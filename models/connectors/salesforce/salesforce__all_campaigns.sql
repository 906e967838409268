with

campaigns as (

    select * from {{ landed('salesforce', 'campaign') }}

),

channels as (

    {{ value_rows('salesforce', 'campaigns', 'channel') }}

),

judged as (

    select
        {{ contract_columns('salesforce', 'campaigns', {
            'campaign_id': 'campaigns.id',
            'name': 'campaigns.name',
            'channel': 'coalesce(channels.contract_value, campaigns.type)',
            'starts_on': 'substr(campaigns.start_date, 1, 10)',
            'ends_on': 'substr(campaigns.end_date, 1, 10)',
            'contract_column': "'channel'",
            'source_table': "'campaign'",
            'source_column': "'type'",
            'source_value': 'campaigns.type',
            'fate': "case when " ~ salesforce_deleted('campaigns') ~ " then 'left_out' else "
                ~ outcome_of_value('campaigns.type', 'channels', 'passed_on') ~ ' end',
            'fate_reason': "case when " ~ salesforce_deleted('campaigns') ~ " then 'deleted' end"
        }, ['campaign'], 'campaigns') }}
    from campaigns
    left join channels on lower(campaigns.type) = channels.source_value

)

select * from judged
