{{ newest_per_key(ref('lead_qualification', 'base_crm__opportunities'), 'opportunities') }},

-- The planned day of an open deal has decided which row is the newest; nothing closes by it.
closed as (

    select
        {%- for column in raw_contract('opportunities').columns %}
        {{ 'case when is_closed then closed_at end as closed_at' if column.name == 'closed_at' else column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from newest

)

select * from closed
