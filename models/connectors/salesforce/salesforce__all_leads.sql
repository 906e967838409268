-- Leads, and the contacts that they became; with the option contacts: all every contact.
-- Long because two objects hold people. The way from lead to contact is a function, the other is not,
-- so the contact is the survivor. It is younger than its lead: it takes the lead's creation.
with

leads as (

    select * from {{ landed('salesforce', 'lead') }}

),

contacts as (

    select * from {{ landed('salesforce', 'contact') }}

),

members as (

    select * from {{ landed('salesforce', 'campaign_member') }}

),

industries as (

    {{ value_rows('salesforce', 'accounts', 'industry') }}

),

country_names as (

    select * from {{ country_names() }} as names_of_countries

),

members_of_people as (

    select members.lead_id as person_id, members.campaign_id, members.created_date, members.id
    from members
    where members.lead_id is not null and not {{ salesforce_deleted('members') }}
    union all
    select members.contact_id as person_id, members.campaign_id, members.created_date, members.id
    from members
    where members.contact_id is not null and not {{ salesforce_deleted('members') }}

),

ranked_campaigns as (

    select
        members_of_people.person_id,
        members_of_people.campaign_id,
        row_number() over (
            partition by members_of_people.person_id
            order by {{ landed_time('members_of_people.created_date') }}, members_of_people.id
        ) as place
    from members_of_people

),

conversions as (

    select
        leads.converted_contact_id as contact_id,
        min({{ landed_time('leads.created_date') }}) as lead_created_at
    from leads
    where leads.converted_contact_id is not null
    group by leads.converted_contact_id

),

converted_contacts as (

    select
        contacts.*,
        {{ landed_time('contacts.created_date') }} as created_at,
        conversions.lead_created_at,
        {{ "true" if connector_option('salesforce', 'contacts', 'converted') == 'all'
            else 'coalesce(conversions.contact_id, masters.contact_id, masters_of_masters.contact_id) is not null' }} as is_lead
    from contacts
    left join conversions on contacts.id = conversions.contact_id
    left join conversions as masters on contacts.master_record_id = masters.contact_id
    left join contacts as master_records on contacts.master_record_id = master_records.id
    left join conversions as masters_of_masters on master_records.master_record_id = masters_of_masters.contact_id

),

from_leads as (

    select
        {{ contract_columns('salesforce', 'leads', {
            'lead_id': 'leads.id',
            'email': 'lower(leads.email)',
            'first_name': 'leads.first_name',
            'last_name': 'leads.last_name',
            'job_title': 'leads.title',
            'phone': 'leads.phone',
            'email_status': "case when leads.email_bounced_date is not null then 'bounced' end",
            'account_id': 'leads.converted_account_id',
            'company_name': 'leads.company',
            'industry': 'coalesce(industries.contract_value, leads.industry)',
            'employee_count': 'leads.number_of_employees',
            'annual_revenue': 'leads.annual_revenue',
            'country': country_or_text('coalesce(leads.country_code, leads.country)'),
            'lead_source': 'leads.lead_source',
            'campaign_id': 'ranked_campaigns.campaign_id',
            'owner_id': 'case when ' ~ salesforce_is('leads.owner_id', '005') ~ ' then leads.owner_id end',
            'has_opted_out': 'leads.has_opted_out_of_email',
            'crm_object': "'lead'",
            'merged_into_lead_id': 'coalesce(leads.master_record_id, leads.converted_contact_id)',
            'is_deleted': true_or_false(salesforce_deleted('leads') ~ ' and leads.master_record_id is null'),
            'created_at': landed_time('leads.created_date'),
            'updated_at': landed_time('leads.last_modified_date'),
            'source_table': "'lead'",
            'fate_reason': "case when leads.master_record_id is not null then 'merged' when " ~ salesforce_deleted('leads') ~ " then 'deleted' end"
        }, ['lead'], 'leads') }}
    from leads
    left join ranked_campaigns on leads.id = ranked_campaigns.person_id and ranked_campaigns.place = 1
    left join industries on lower(leads.industry) = industries.source_value
    left join country_names
        on {{ as_country_name('coalesce(leads.country_code, leads.country)') }} = country_names.country_name

),

from_contacts as (

    select
        {{ contract_columns('salesforce', 'leads', {
            'lead_id': 'converted_contacts.id',
            'email': 'lower(converted_contacts.email)',
            'first_name': 'converted_contacts.first_name',
            'last_name': 'converted_contacts.last_name',
            'job_title': 'converted_contacts.title',
            'phone': 'converted_contacts.phone',
            'email_status': "case when converted_contacts.email_bounced_date is not null then 'bounced' end",
            'account_id': 'converted_contacts.account_id',
            'country': country_or_text('coalesce(converted_contacts.mailing_country_code, converted_contacts.mailing_country)'),
            'lead_source': 'converted_contacts.lead_source',
            'campaign_id': 'ranked_campaigns.campaign_id',
            'owner_id': 'case when ' ~ salesforce_is('converted_contacts.owner_id', '005') ~ ' then converted_contacts.owner_id end',
            'has_opted_out': 'converted_contacts.has_opted_out_of_email',
            'crm_object': "'contact'",
            'merged_into_lead_id': 'converted_contacts.master_record_id',
            'is_deleted': true_or_false(salesforce_deleted('converted_contacts') ~ ' and converted_contacts.master_record_id is null'),
            'created_at': 'case when converted_contacts.lead_created_at < converted_contacts.created_at '
                ~ 'or converted_contacts.created_at is null then converted_contacts.lead_created_at else converted_contacts.created_at end',
            'updated_at': landed_time('converted_contacts.last_modified_date'),
            'source_table': "'contact'",
            'fate': "case when converted_contacts.is_lead then 'read' else 'left_out' end",
            'fate_reason': "case when not converted_contacts.is_lead then 'no lead became it' "
                ~ "when converted_contacts.master_record_id is not null then 'merged' "
                ~ "when " ~ salesforce_deleted('converted_contacts') ~ " then 'deleted' end"
        }, ['contact'], 'converted_contacts') }}
    from converted_contacts
    left join ranked_campaigns on converted_contacts.id = ranked_campaigns.person_id and ranked_campaigns.place = 1
    left join country_names
        on
        {{ as_country_name('coalesce(converted_contacts.mailing_country_code, converted_contacts.mailing_country)') }}
        = country_names.country_name

)

select * from from_leads
union all
select * from from_contacts
