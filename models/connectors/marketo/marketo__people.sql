-- Everybody that Marketo knows: who was merged away, also without a record, points to the winner; a merge
-- writes a deletion too, which does not count. Long because four tables say who is who.
with

leads as (

    select * from {{ landed('marketo', 'lead') }}

),

merges as (

    select * from {{ landed('marketo', 'activity_merge_leads') }}

),

merge_pairs as (

    select * from {{ landed('marketo', 'merged_lead') }}

),

deletions as (

    select * from {{ landed('marketo', 'activity_delete_lead') }}

),

parts as (

    {{ each_part('merges', ['lead_id'], lists_as_parts('merge_ids'), ',', 'loser_id') }}

),

losing as (

    select parts.lead_id as winner_id, {{ key_beside('marketo', 'parts.lead_id', 'parts.loser_id') }} as loser_id
    from parts
    where parts.loser_id <> ''

),

pairs as (

    select losing.loser_id, losing.winner_id
    from losing
    where losing.loser_id <> losing.winner_id
    union all
    select merge_pairs.merged_lead as loser_id, merge_pairs.into_lead as winner_id
    from merge_pairs

),

losers as (

    select pairs.loser_id, min(pairs.winner_id) as winner_id
    from pairs
    group by pairs.loser_id

),

deleted as (

    select distinct deletions.lead_id from deletions

),

recorded as (

    select
        leads.id as person_id,
        lower(leads.email) as email,
        leads.first_name, leads.last_name, leads.title as job_title, leads.phone, leads.company as company_name,
        leads.industry, leads.number_of_employees as employee_count, leads.annual_revenue, leads.country, leads.lead_source,
        leads.unsubscribed as has_opted_out,
        {{ says_yes('leads.email_invalid') }} as has_bounced,
        coalesce('marketo-' || losers.winner_id, leads.sfdc_contact_id, leads.sfdc_lead_id) as merged_into_lead_id,
        losers.loser_id is not null as is_merged,
        deleted.lead_id is not null and losers.loser_id is null as is_deleted,
        {{ landed_time('leads.created_at') }} as created_at,
        {{ landed_time('leads.updated_at') }} as updated_at
        {{- custom_items('marketo', 'leads', ['lead'], 'lead', 'leads') }}
    from leads
    left join losers on leads.id = losers.loser_id
    left join deleted on leads.id = deleted.lead_id

),

without_a_record as (

    select
        losers.loser_id as person_id,
        cast(null as {{ dbt.type_string() }}) as email,
        {%- for name in ['first_name', 'last_name', 'job_title', 'phone', 'company_name', 'industry', 'employee_count', 'annual_revenue', 'country', 'lead_source', 'has_opted_out'] %}
        cast(null as {{ dbt.type_string() }}) as {{ name }},
        {%- endfor %}
        false as has_bounced,
        'marketo-' || losers.winner_id as merged_into_lead_id,
        true as is_merged,
        false as is_deleted,
        winners.created_at,
        cast(null as timestamp) as updated_at
        {{- custom_items('marketo', 'leads', ['lead'], none, 'losers') }}
    from losers
    inner join recorded as winners on losers.winner_id = winners.person_id
    left join recorded as own_records on losers.loser_id = own_records.person_id
    where own_records.person_id is null

),

people as (

    select * from recorded
    union all
    select * from without_a_record

)

select * from people
