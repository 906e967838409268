-- A campaign of Pardot has a cost, but no day of it: campaign_costs gets none.
with

campaigns as (

    select * from {{ landed('pardot', 'campaign') }}

),

channels as (

    {{ value_rows('pardot', 'campaigns', 'channel') }}

),

judged as (

    select
        {{ contract_columns('pardot', 'campaigns', {
            'campaign_id': 'campaigns.id',
            'name': 'campaigns.name',
            'channel': 'channels.contract_value',
            'contract_column': "'channel'",
            'source_table': "'campaign'",
            'source_column': "'name'",
            'source_value': 'campaigns.name',
            'fate': "case when " ~ says_yes('campaigns._fivetran_deleted') ~ " then 'left_out' else "
                ~ outcome_of_value('campaigns.name', 'channels', 'unmapped') ~ ' end',
            'fate_reason': "case when " ~ says_yes('campaigns._fivetran_deleted') ~ " then 'deleted' end"
        }, ['campaign'], 'campaigns') }}
    from campaigns
    left join channels on lower(campaigns.name) = channels.source_value

)

select * from judged
