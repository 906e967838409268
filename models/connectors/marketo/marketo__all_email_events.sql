-- Activities carry a person, not an address: the present address of that person, a loser's by its own row.
with

people as (

    select * from {{ ref('lead_qualification', 'marketo__people') }}

),

campaigns as (

    select * from {{ landed('marketo', 'campaign') }}

),

activities as (

    {%- for table, event_type in {
        'activity_email_delivered': 'delivered', 'activity_open_email': 'opened', 'activity_click_email': 'clicked',
        'activity_email_bounced': 'bounced', 'activity_unsubscribe_email': 'unsubscribed'}.items() %}
    select
        {{ table }}.id,
        {{ table }}.lead_id,
        {{ table }}.campaign_id,
        {{ table }}.activity_date,
        {{ table ~ '.link' if event_type == 'clicked' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as link_url,
        {{ table ~ '.user_agent' if event_type in ['opened', 'clicked'] else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as user_agent,
        {{ table ~ '.category' if event_type == 'bounced' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as category,
        '{{ event_type }}' as event_type,
        '{{ table }}' as source_table
    from {{ landed('marketo', table, table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

categories as (

    {{ value_rows('marketo', 'email_events', 'event_type') }}

),

programs as (

    {{ value_rows('marketo', 'email_events', 'program') }}

),

judged as (

    select
        {{ contract_columns('marketo', 'email_events', {
            'event_id': 'activities.id',
            'email': 'people.email',
            'campaign_id': 'campaigns.program_id',
            'program': "coalesce(programs.contract_value, 'marketing')",
            'event_type': 'activities.event_type',
            'link_url': 'activities.link_url',
            'user_agent': 'activities.user_agent',
            'occurred_at': landed_time('activities.activity_date'),
            'contract_column': "'event_type'",
            'source_table': 'activities.source_table',
            'source_column': "case when activities.event_type = 'bounced' then 'category' end",
            'source_value': 'activities.category',
            'fate': "case when activities.event_type = 'bounced' and coalesce(categories.contract_value, '(ignore)') = '(ignore)' then 'left_out' "
                ~ "when people.email is null then 'left_out' else 'read' end",
            'fate_reason': "case when activities.event_type = 'bounced' and coalesce(categories.contract_value, '(ignore)') = '(ignore)' "
                ~ "then 'not known to be a hard bounce' when people.email is null then 'no address' end"
        }) }}
    from activities
    left join people on activities.lead_id = people.person_id
    left join campaigns on activities.campaign_id = campaigns.id
    left join categories on lower(activities.category) = categories.source_value
    left join programs on lower(campaigns.program_id) = programs.source_value

)

select * from judged
