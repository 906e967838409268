{#-
    Contacts of deals with what they are to it. Of the living ones the earliest created is the lead
    of the deal; one that was merged away stands for its survivor only if no other is there.
-#}
{% macro hubspot_ranked_deal_contacts(connector) -%}
    select
        placed.deal_id,
        placed.contact_id,
        placed.place
    from (
        select
            deal_contacts.deal_id,
            deal_contacts.contact_id,
            row_number() over (
                partition by deal_contacts.deal_id
                order by
                    case when leads.merged_into_lead_id is null then 0 else 1 end,
                    leads.created_at,
                    deal_contacts.contact_id
            ) as place
        from {{ lead_qualification.hubspot_relation(connector, 'deal_contacts') }} as deal_contacts
        inner join {{ lead_qualification.hubspot_relation(connector, 'all_leads') }} as leads
            on deal_contacts.contact_id = leads.lead_id
        where leads.is_deleted = 'false'
    ) as placed
{%- endmacro %}


{#-
    Deals that are neither deleted nor merged. Open deals have a planned close date, which is none:
    a deal is closed if its stage is, at its last entry into that stage, and not before it was created.
-#}
{% macro hubspot_opportunities(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    deals as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'deals') }}

    ),

    deal_contacts as (

        {{ lead_qualification.hubspot_ranked_deal_contacts(connector) }}

    ),

    pipelines as (

        {{ lead_qualification.value_rows(connector, 'opportunities', '(row)') }}

    ),

    closed as (

        select
            deals.*,
            deal_contacts.contact_id,
            pipelines.contract_value as pipeline_meaning,
            case
                when deals.is_closed and coalesce(deals.entered_at, deals.planned_close_at) < deals.created_at then deals.created_at
                when deals.is_closed then coalesce(deals.entered_at, deals.planned_close_at)
            end as closed_at
        from deals
        left join deal_contacts on deals.deal_id = deal_contacts.deal_id and deal_contacts.place = 1
        left join pipelines on lower(deals.pipeline_id) = pipelines.source_value

    ),

    judged as (

        select
            {{ lead_qualification.contract_columns(connector, 'opportunities', {
                'opportunity_id': 'closed.deal_id',
                'lead_id': 'closed.contact_id',
                'account_id': 'closed.account_id',
                'name': 'closed.deal_name',
                'amount': 'closed.amount',
                'created_at': 'closed.created_at',
                'closed_at': 'closed.closed_at',
                'is_closed': lead_qualification.true_or_false('closed.is_closed'),
                'is_won': 'case when closed.is_closed then ' ~ lead_qualification.true_or_false('closed.is_won') ~ ' end',
                'lost_reason': 'case when closed.is_closed and not closed.is_won then closed.lost_reason end',
                'updated_at': 'closed.updated_at',
                'contract_column': "'(row)'",
                'source_table': "'" ~ names.deals ~ "'",
                'source_column': "'" ~ names.pipeline ~ "'",
                'source_value': 'closed.pipeline_id',
                'fate': "case when closed.is_deleted or closed.is_merged then 'left_out' "
                    ~ "when closed.pipeline_meaning = '(ignore)' then 'ignored' "
                    ~ "when not closed.has_known_stage then 'passed_on' else 'read' end",
                'fate_reason': "case when closed.is_deleted then 'deleted' when closed.is_merged then 'merged' "
                    ~ "when not closed.has_known_stage then 'stage not landed: taken as open' end"
            }, [names.deals], 'closed') }}
        from closed

    )

    select * from judged
{%- endmacro %}


{#- Every living contact of a deal that counts. -#}
{% macro hubspot_opportunity_contacts(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    deal_contacts as (

        {{ lead_qualification.hubspot_ranked_deal_contacts(connector) }}

    ),

    opportunities as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'all_opportunities') }}

    ),

    members as (

        select
            {{ lead_qualification.contract_columns(connector, 'opportunity_contacts', {
                'opportunity_id': 'deal_contacts.deal_id',
                'lead_id': 'deal_contacts.contact_id',
                'is_primary': lead_qualification.true_or_false('deal_contacts.place = 1'),
                'source_table': "'" ~ names.deals ~ "'",
                'fate': "case when opportunities.fate in ('left_out', 'ignored') then 'left_out' else 'read' end",
                'fate_reason': "case when opportunities.fate in ('left_out', 'ignored') then 'the deal is left out' end"
            }) }}
        from deal_contacts
        inner join opportunities on deal_contacts.deal_id = opportunities.opportunity_id

    )

    select * from members
{%- endmacro %}


{#- Owners; one that is no longer a user is not active. -#}
{% macro hubspot_sales_reps(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    owners as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'owners') }}

    ),

    reps as (

        select
            {{ lead_qualification.contract_columns(connector, 'sales_reps', {
                'rep_id': 'owners.rep_id',
                'name': "nullif(trim(coalesce(owners.first_name, '') || ' ' || coalesce(owners.last_name, '')), '')",
                'email': 'lower(owners.email)',
                'territory': 'owners.territory',
                'is_active': lead_qualification.true_or_false('owners.is_active'),
                'source_table': "'" ~ names.owners ~ "'"
            }, [names.owners], 'owners') }}
        from owners

    )

    select * from reps
{%- endmacro %}
