with

programs as (

    select * from {{ landed('marketo', 'program') }}

),

channels as (

    {{ value_rows('marketo', 'campaigns', 'channel') }}

),

judged as (

    select
        {{ contract_columns('marketo', 'campaigns', {
            'campaign_id': 'programs.id',
            'name': 'programs.name',
            'channel': 'coalesce(channels.contract_value, programs.channel)',
            'starts_on': 'substr(programs.start_date, 1, 10)',
            'ends_on': 'substr(programs.end_date, 1, 10)',
            'contract_column': "'channel'",
            'source_table': "'program'",
            'source_column': "'channel'",
            'source_value': 'programs.channel',
            'fate': "case when " ~ says_yes('programs._fivetran_deleted') ~ " then 'left_out' else "
                ~ outcome_of_value('programs.channel', 'channels', 'passed_on') ~ ' end',
            'fate_reason': "case when " ~ says_yes('programs._fivetran_deleted') ~ " then 'deleted' end"
        }, ['program'], 'programs') }}
    from programs
    left join channels on lower(programs.channel) = channels.source_value

)

select * from judged
