-- Who each lead is: its surviving record with account, channel and kind of address. Long by its
-- columns; each step adds a few.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_current_leads') }}

),

records as (

    select * from {{ ref('lead_qualification', 'int_lead_records') }}
    where record_id = lead_id

),

accounts as (

    select * from {{ ref('lead_qualification', 'int_current_accounts') }}

),

account_domains as (

    select * from {{ ref('lead_qualification', 'int_account_domains') }}

),

lead_channels as (

    select * from {{ ref('lead_qualification', 'int_lead_channels') }}

),

survivors as (

    select
        leads.*,
        {{ email_domain('leads.email') }} as email_domain
    from leads
    inner join records on leads.lead_id = records.lead_id

),

classified as (

    select
        survivors.*,
        case
            when survivors.email_domain is null then null
            when personal_domains.kind is not null then personal_domains.kind
            when {{ regexp_like('survivors.email_domain', '[.](edu|edu[.][a-z][a-z]|ac[.][a-z][a-z])$') }}
                then 'student'
            else 'corporate'
        end as email_domain_kind
    from survivors
    left join {{ policy('email_domains') }} as personal_domains on survivors.email_domain = lower(personal_domains.email_domain)

),

placed as (

    select
        classified.*,
        coalesce(given_accounts.account_id, account_domains.account_id) as found_account_id
    from classified
    left join accounts as given_accounts on classified.account_id = given_accounts.account_id
    left join account_domains
        on
            classified.email_domain = account_domains.domain
            and classified.email_domain_kind = 'corporate'

),

described as (

    select
        placed.lead_id,
        placed.email,
        placed.first_name,
        placed.last_name,
        placed.job_title,
        placed.phone,
        placed.phone_is_valid,
        placed.email_status,
        placed.email_domain,
        placed.email_domain_kind,
        placed.company_name,
        accounts.account_id,
        accounts.name as account_name,
        coalesce(accounts.industry, placed.industry) as industry,
        coalesce(accounts.employee_count, placed.employee_count) as employee_count,
        coalesce(accounts.annual_revenue, placed.annual_revenue) as annual_revenue,
        accounts.status as account_status,
        accounts.is_competitor,
        accounts.is_target_account,
        {{ company_segment('coalesce(accounts.employee_count, placed.employee_count)') }} as company_segment,
        coalesce(placed.country, accounts.country) as country,
        placed.lead_source,
        placed.campaign_id,
        lead_channels.channel,
        lead_channels.motion,
        lead_channels.intent_class,
        placed.owner_id,
        placed.created_at
    from placed
    left join accounts on placed.found_account_id = accounts.account_id
    inner join lead_channels on placed.lead_id = lead_channels.lead_id

)

select * from described
