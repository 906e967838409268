-- A record of another source than the CRM of record points to the CRM's: by the id that its source
-- knows, else by its address. So the CRM's record survives, and a sync knows its id.
with

records as (

    {{ connected_rows('leads') }}

){% if connectors_that_give('leads') | length > 1 %},

crm_records as (

    select * from {{ ref('lead_qualification', crm_of_record() ~ '__leads') }}

),

shared_mailboxes as (

    select distinct lower(mailboxes.local_part) as local_part
    from {{ policy('shared_mailboxes') }} as mailboxes

),

every_id as (

    select distinct records.lead_id from records

),

crm_ids as (

    select distinct crm_records.lead_id from crm_records

),

addresses as (

    select
        lower(crm_records.email) as email,
        min(crm_records.lead_id) as lead_id
    from crm_records
    left join shared_mailboxes on {{ text_part('lower(crm_records.email)', '@', 1) }} = shared_mailboxes.local_part
    where
        crm_records.email is not null
        and crm_records.merged_into_lead_id is null
        and coalesce(lower(crm_records.is_deleted), 'false') = 'false'
        and shared_mailboxes.local_part is null
    group by lower(crm_records.email)

),

pointing as (

    select
        {%- for name in connected_names('leads') %}
        {% if name == 'merged_into_lead_id' -%}
            case
                when crm_ids.lead_id is not null or every_id.lead_id is not null then records.merged_into_lead_id
                when lower(records.is_deleted) = 'true' then records.merged_into_lead_id
                else coalesce(addresses.lead_id, records.merged_into_lead_id)
            end as merged_into_lead_id
        {%- else -%}
            records.{{ name }}
        {%- endif %}{{ ',' if not loop.last }}
        {%- endfor %}
    from records
    left join crm_ids on records.lead_id = crm_ids.lead_id
    left join every_id on records.merged_into_lead_id = every_id.lead_id
    left join addresses on lower(records.email) = addresses.email

)

select * from pointing
{% else %}

select * from records
{% endif %}
