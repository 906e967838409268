-- What became of each change of an attribute, those after as_of among them: they say what was before.
-- Only the record of a surviving lead counts. Snapshots replace the history of what records have columns for.
with

changes as (

    select
        changes.change_id,
        changes.object,
        coalesce(long_keys.record_key, changes.record_id) as record_id,
        changes.attribute,
        changes.old_value,
        changes.new_value,
        changes.changed_at,
        {{ is_attribute_of(['text', 'code', 'country', 'boolean', 'integer', 'decimal(18,2)']) }} as is_built_in,
        custom_attributes.custom_attribute is not null as is_custom
    from {{ ref('lead_qualification', 'stg_crm__attribute_changes') }} as changes
    left join {{ custom_attributes() }} as custom_attributes
        on
            changes.object = custom_attributes.custom_object
            and changes.attribute = custom_attributes.custom_attribute
    left join {{ ref('lead_qualification', 'stg_crm__long_keys') }} as long_keys
        on
            changes.record_id = long_keys.short_key
            and long_keys.table_name = changes.object || 's'

),

outcomes as (

    select
        changes.change_id,
        changes.object,
        changes.record_id,
        changes.attribute,
        changes.old_value,
        changes.new_value,
        changes.changed_at,
        case
            when {{ {'table': 'false', 'snapshot': 'not changes.is_custom'}.get(var('attribute_history'), 'true') }} then 'switched_off'
            when erased_leads.lead_id is not null then 'erased'
            when records.lead_id <> records.record_id then 'merged'
            when records.lead_id is null and accounts.account_id is null then 'unresolved'
            when not changes.is_built_in and not changes.is_custom then 'not_tracked'
            else 'used'
        end as outcome
    from changes
    left join {{ ref('lead_qualification', 'int_lead_records') }} as records
        on
            changes.object = 'lead'
            and changes.record_id = records.record_id
    left join {{ ref('lead_qualification', 'int_erased_leads') }} as erased_leads
        on
            changes.object = 'lead'
            and changes.record_id = erased_leads.lead_id
    left join {{ ref('lead_qualification', 'stg_crm__accounts') }} as accounts
        on
            changes.object = 'account'
            and changes.record_id = accounts.account_id

)

select * from outcomes
