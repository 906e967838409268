{#-
    The usable rows of campaign costs with their outcome, as a select: superseded where a later arrival
    of the day is there, repeated where an equal row is, else used: what is used adds up.
    used_rows: how many rows of the day are used.
-#}
{% macro cost_rows() -%}
    select
        *,
        sum(case when outcome = 'used' then 1 else 0 end) over (partition by campaign_id, cost_date) as used_rows
    from (
        select
            ranked.*,
            case
                when last_received_at is not null and (received_at is null or received_at < last_received_at) then 'superseded'
                when repetition > 1 then 'repeated'
                else 'used'
            end as outcome
        from (
            select
                campaign_id,
                cost_date,
                cost,
                received_at,
                given_key,
                max(received_at) over (partition by campaign_id, cost_date) as last_received_at,
                row_number() over (partition by campaign_id, cost_date, cost, received_at order by given_key) as repetition
            from {{ ref('lead_qualification', 'base_crm__campaign_costs') }}
            where row_problem is null
        ) as ranked
    ) as judged
{%- endmacro %}
