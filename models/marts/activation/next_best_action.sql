-- What to do with each lead now: the first rule of next_actions.csv whose conditions all hold. Long by its columns.
with

facts as (

    select * from {{ ref('lead_qualification', 'int_action_facts') }}

),

rules as (

    select
        next_actions.rule_order,
        {%- for condition in all_action_conditions() %}
        {{ condition_list('next_actions', condition) }} as {{ condition }},
        {%- endfor %}
        next_actions.action,
        next_actions.owner,
        next_actions.is_outreach,
        next_actions.due_from,
        coalesce(next_actions.due_hours, 0) as due_hours,
        next_actions.nurture_track,
        next_actions.description
    from {{ current_policy('next_actions') }} as next_actions

),

listed_signals as (

    select distinct
        rules.rule_order,
        signals.lead_id
    from {{ ref('lead_qualification', 'int_lead_signals') }} as signals
    inner join rules on {{ is_listed('signals.signal', 'rules.has_signal') }}

),

first_matches as (

    select
        facts.lead_id,
        min(rules.rule_order) as rule_order
    from facts
    cross join rules
    left join listed_signals
        on
            facts.lead_id = listed_signals.lead_id
            and rules.rule_order = listed_signals.rule_order
    where
        (rules.has_signal is null or listed_signals.lead_id is not null)
        {%- for condition in action_conditions() + yes_or_no_action_conditions() %}
        and {{ meets_condition(action_fact(condition), 'rules.' ~ condition) }}
        {%- endfor %}
    group by facts.lead_id

),

chosen as (

    select
        facts.*,
        rules.rule_order,
        rules.action = '{{ action_of_matrix() }}' as is_of_matrix,
        case when rules.action = '{{ action_of_matrix() }}' then facts.recommended_action else rules.action end as action,
        rules.owner,
        rules.is_outreach,
        case rules.due_from
            {%- for instant in due_instants() %}
            when '{{ instant }}' then {{ add_seconds('facts.' ~ instant, 'rules.due_hours * 3600') }}
            {%- endfor %}
        end as due_at,
        rules.nurture_track,
        rules.description
    from facts
    inner join first_matches on facts.lead_id = first_matches.lead_id
    inner join rules on first_matches.rule_order = rules.rule_order

),

actions as (

    select
        lead_id,
        action,
        owner,
        rep_id,
        due_at,
        description as reason,
        top_contributions as why,
        case
            when not is_outreach then null
            when not is_consenting then 'opted_out'
            when not is_contactable or (is_bounced and owner = 'marketing') then 'bounced'
            when is_in_cooldown and owner = 'marketing' then 'cooldown'
        end as blocked_by,
        since,
        rule_order,
        is_of_matrix,
        is_outreach,
        nurture_track,
        stage,
        stage_owner,
        is_in_cooldown,
        re_engage_due,
        has_open_opportunity,
        {{ as_of() }} as as_of
    from chosen

)

select * from actions
