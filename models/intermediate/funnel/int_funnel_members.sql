{{ config(materialized='ephemeral') }}

-- Each lead once per dimension that the funnel is cut by; a missing member is unknown. An attribute of
-- attributes.csv has its value at as_of.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_funnel_leads') }}

),

dimensions as (

    {{ rows_of_names(funnel_dimensions(), 'dimension') }}

),

members as (

    select
        dimensions.dimension,
        coalesce({{ value_of_name('dimensions.dimension', funnel_dimensions()) }}, 'unknown') as member,
        leads.lead_id,
        leads.first_seen_at,
        leads.mql_at,
        leads.pql_at,
        leads.sql_at,
        leads.opportunity_at,
        leads.customer_at
    from leads
    cross join dimensions
    union all
    select
        custom_attributes.attribute as dimension,
        coalesce(stretches.attribute_value, 'unknown') as member,
        leads.lead_id,
        leads.first_seen_at,
        leads.mql_at,
        leads.pql_at,
        leads.sql_at,
        leads.opportunity_at,
        leads.customer_at
    from leads
    cross join {{ policy('attributes') }} as custom_attributes
    left join {{ ref('lead_qualification', 'int_lead_attribute_stretches') }} as stretches
        on
            leads.lead_id = stretches.lead_id
            and custom_attributes.attribute = stretches.attribute
            and {{ is_valid_at('stretches', as_of()) }}
    where custom_attributes.is_dimension

)

select * from members
