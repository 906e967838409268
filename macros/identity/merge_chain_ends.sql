{#-
    Follows merged_into_lead_id to the end of each chain, by doubling: after n rounds a pointer
    has made 2^n hops. Five rounds see 32 hops, 12 more than a chain may have, so a chain that
    is too long is always noticed by the record that is 21 hops from its end.

    records: a relation with lead_id, merged_into_lead_id (one row per lead_id).
    Continues a with clause; ends in the CTE chain_ends:
    lead_id, end_lead_id, hops, is_in_loop; records without a pointer end at themselves, records
    whose chain runs into a loop too.
-#}
{% macro merge_chain_ends(records) -%}
{%- set rounds = 5 -%}
hops_0 as (

    select
        pointers.lead_id,
        targets.lead_id as reached_lead_id,
        1 as hops
    from {{ records }} as pointers
    inner join {{ records }} as targets on pointers.merged_into_lead_id = targets.lead_id

),
{% for round in range(1, rounds + 1) %}
hops_{{ round }} as (

    select
        near_hops.lead_id,
        coalesce(far_hops.reached_lead_id, near_hops.reached_lead_id) as reached_lead_id,
        near_hops.hops + coalesce(far_hops.hops, 0) as hops
    from hops_{{ round - 1 }} as near_hops
    left join hops_{{ round - 1 }} as far_hops on near_hops.reached_lead_id = far_hops.lead_id

),
{% endfor %}
chain_ends as (

    select
        records.lead_id,
        further.lead_id is not null as is_in_loop,
        case
            when chains.lead_id is null or further.lead_id is not null then records.lead_id
            else chains.reached_lead_id
        end as end_lead_id,
        case when further.lead_id is null then coalesce(chains.hops, 0) else 0 end as hops
    from {{ records }} as records
    left join hops_{{ rounds }} as chains on records.lead_id = chains.lead_id
    left join hops_0 as further on chains.reached_lead_id = further.lead_id

)
{%- endmacro %}


{#- The merge chains that are too long, as a relation with the column message. -#}
{% macro long_merge_chains(lead_merges) -%}
    (
        select
            'lead ' || lead_id || ' is merged into ' || merged_lead_id || ' over '
            || cast(hops as {{ dbt.type_string() }})
            || ' hops; point it at the surviving lead in the CRM' as message
        from {{ lead_merges }}
        where hops > 20
    ) as long_merge_chains
{%- endmacro %}
