{{ newest_per_key(ref('lead_qualification', 'base_crm__opportunities'), 'opportunities') }},

-- Nothing closes by the planned day of an open deal; a closed one without a time closed when it last changed.
closed as (

    select
        {%- for column in raw_contract('opportunities').columns %}
        {{ 'case when is_closed then coalesce(closed_at, updated_at) end as closed_at' if column.name == 'closed_at' else column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from newest

)

select * from closed
