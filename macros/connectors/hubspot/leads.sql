{#-
    Contacts, and one row for each that was merged away and has none. HubSpot marks losers of a
    merge as deleted: they are merged, not erased.
-#}
{% macro hubspot_leads(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    {%- set tables = ['contact'] if connector == 'hubspot_fivetran' else ['contacts', 'contacts_archived'] -%}
    with

    contacts as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'contacts') }}

    ),

    merges as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'merges') }}

    ),

    industries as (

        {{ lead_qualification.value_rows(connector, 'accounts', 'industry') }}

    ),

    country_names as (

        select * from {{ lead_qualification.country_names() }} as names_of_countries

    ),

    opt_outs as (

        select changes.record_id, max(changes.changed_at) as opted_out_at
        from {{ lead_qualification.hubspot_relation(connector, 'changes') }} as changes
        where changes.object_type = 'lead'
            and lower(changes.property) = 'hs_email_optout'
            and {{ lead_qualification.says_yes('changes.new_value') }}
        group by changes.record_id

    ),

    losers as (

        select
            merges.merged_id,
            merges.contact_id as winner_id,
            row_number() over (
                partition by merges.merged_id
                order by case when merges.is_deleted then 1 else 0 end, merges.contact_id
            ) as place
        from merges
        where merges.merged_id <> '' and merges.merged_id <> merges.contact_id

    ),

    recorded as (

        select
            {{ lead_qualification.contract_columns(connector, 'leads', {
                'lead_id': 'contacts.contact_id',
                'email': 'lower(contacts.email)',
                'first_name': 'contacts.first_name',
                'last_name': 'contacts.last_name',
                'job_title': 'contacts.job_title',
                'phone': 'contacts.phone',
                'email_status': "case when contacts.bounce_reason is not null then 'bounced' end",
                'account_id': 'contacts.account_id',
                'company_name': 'contacts.company_name',
                'industry': 'coalesce(industries.contract_value, contacts.industry)',
                'employee_count': 'contacts.employee_count',
                'annual_revenue': 'contacts.annual_revenue',
                'country': lead_qualification.country_or_text('contacts.country'),
                'lead_source': 'contacts.lead_source',
                'owner_id': 'contacts.owner_id',
                'has_opted_out': 'contacts.email_optout',
                'opted_out_at': 'case when ' ~ lead_qualification.says_yes('contacts.email_optout') ~ ' then opt_outs.opted_out_at end',
                'crm_object': "'contact'",
                'merged_into_lead_id': 'losers.winner_id',
                'is_deleted': lead_qualification.true_or_false('contacts.is_deleted and losers.merged_id is null'),
                'created_at': 'contacts.created_at',
                'updated_at': 'contacts.updated_at',
                'source_table': "'" ~ names.contacts ~ "'",
                'fate_reason': "case when losers.merged_id is not null then 'merged' when contacts.is_deleted then 'deleted' end"
            }, tables, 'contacts') }}
        from contacts
        left join losers on contacts.contact_id = losers.merged_id and losers.place = 1
        left join opt_outs on contacts.contact_id = opt_outs.record_id
        left join industries on lower(contacts.industry) = industries.source_value
        left join country_names on {{ lead_qualification.as_country_name('contacts.country') }} = country_names.country_name

    ),

    merged_away as (

        select
            {{ lead_qualification.contract_columns(connector, 'leads', {
                'lead_id': 'losers.merged_id',
                'crm_object': "'contact'",
                'merged_into_lead_id': 'losers.winner_id',
                'is_deleted': "'false'",
                'created_at': 'winners.created_at',
                'source_table': "'" ~ names.contacts ~ "'",
                'fate_reason': "'merged, without a record'"
            }) }}
        from losers
        inner join contacts as winners on losers.winner_id = winners.contact_id
        left join contacts as own_records on losers.merged_id = own_records.contact_id
        where losers.place = 1 and own_records.contact_id is null

    )

    select * from recorded
    union all
    select * from merged_away
{%- endmacro %}
