with

deal_people as (

    select * from {{ ref('lead_qualification', 'salesforce__deal_people') }}

),

opportunities as (

    select * from {{ ref('lead_qualification', 'salesforce__all_opportunities') }}

),

members as (

    select
        {{ contract_columns('salesforce', 'opportunity_contacts', {
            'opportunity_id': 'deal_people.opportunity_id',
            'lead_id': 'deal_people.lead_id',
            'role': 'deal_people.role',
            'is_primary': true_or_false('deal_people.place = 1'),
            'source_table': "'opportunity_contact_role'",
            'fate': "case when opportunities.fate in ('left_out', 'ignored') then 'left_out' else 'read' end",
            'fate_reason': "case when opportunities.fate in ('left_out', 'ignored') then 'the deal is left out' end"
        }) }}
    from deal_people
    inner join opportunities on deal_people.opportunity_id = opportunities.opportunity_id
    where deal_people.place_of_person = 1

)

select * from members
