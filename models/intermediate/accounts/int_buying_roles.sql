{{ config(materialized='by_lead') }}

-- The role of each lead in the buying committee of its account, by the words of its job title.
with

leads as (

    select
        lead_id,
        account_id,
        {{ spaced_words('job_title') }} as title_words
    from {{ rows_of_this_run('int_leads') }}
    where
        account_id is not null
        and job_title is not null

),

rules as (

    select
        rule_order,
        buying_role,
        {{ spaced_words('phrase') }} as phrase_words
    from {{ policy('buying_roles') }}

),

ranked as (

    select
        leads.lead_id,
        leads.account_id,
        rules.buying_role,
        row_number() over (
            partition by leads.lead_id
            order by rules.rule_order
        ) as rule_rank
    from leads
    inner join rules on {{ has_words('leads.title_words', 'rules.phrase_words') }}

),

buying_roles as (

    select
        lead_id,
        account_id,
        buying_role
    from ranked
    where rule_rank = 1

)

select * from buying_roles
