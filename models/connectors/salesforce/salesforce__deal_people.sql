-- Who belongs to a deal, in the order in which one is its lead: the primary contact, the earliest role,
-- then the lead that was converted into it.
with

people as (

    select people_of_salesforce.lead_id
    from {{ ref('lead_qualification', 'salesforce__leads') }} as people_of_salesforce

),

roles as (

    select * from {{ landed('salesforce', 'opportunity_contact_role') }}

),

leads as (

    select * from {{ landed('salesforce', 'lead') }}

),

members as (

    select
        roles.opportunity_id,
        roles.contact_id as lead_id,
        roles.role,
        case when {{ says_yes('roles.is_primary') }} then 0 else 1 end as precedence,
        {{ landed_time('roles.created_date') }} as named_at,
        roles.id
    from roles
    inner join people on roles.contact_id = people.lead_id
    where not {{ salesforce_deleted('roles') }}
    union all
    select
        leads.converted_opportunity_id as opportunity_id,
        leads.id as lead_id,
        cast(null as {{ dbt.type_string() }}) as role,
        2 as precedence,
        {{ landed_time('leads.created_date') }} as named_at,
        leads.id
    from leads
    where leads.converted_opportunity_id is not null and not {{ salesforce_deleted('leads') }}

),

ranked as (

    select
        members.opportunity_id,
        members.lead_id,
        members.role,
        row_number() over (
            partition by members.opportunity_id
            order by members.precedence, members.named_at, members.id
        ) as place,
        row_number() over (
            partition by members.opportunity_id, members.lead_id
            order by members.precedence, members.named_at, members.id
        ) as place_of_person
    from members

)

select * from ranked
