with

owners as (

    select * from {{ landed('hubspot_airbyte', 'owners') }}

),

owners_archived as (

    select * from {{ landed('hubspot_airbyte', 'owners_archived') }}

),

every_owner as (

    select
        owners.id as rep_id,
        owners.email,
        owners.first_name,
        owners.last_name,
        owners.teams,
        owners.user_id is not null as is_active
        {{- custom_items('hubspot_airbyte', 'sales_reps', ['owners'], 'owners', 'owners') }}
    from owners
    union all
    select
        owners_archived.id as rep_id,
        owners_archived.email,
        owners_archived.first_name,
        owners_archived.last_name,
        owners_archived.teams,
        false as is_active
        {{- custom_items('hubspot_airbyte', 'sales_reps', ['owners'], 'owners_archived', 'owners_archived') }}
    from owners_archived

),

teams as (

    {{ each_element('every_owner', ['rep_id'], 'teams', 'team') }}

),

primary_teams as (

    select teams.rep_id, min({{ json_at('teams.team', ['name']) }}) as team_name
    from teams
    where lower({{ json_at('teams.team', ['primary']) }}) = 'true'
    group by teams.rep_id

),

named as (

    select
        every_owner.rep_id,
        every_owner.email,
        every_owner.first_name,
        every_owner.last_name,
        primary_teams.team_name as territory,
        every_owner.is_active
        {{- custom_items('hubspot_airbyte', 'sales_reps', ['owners'], 'all', 'every_owner') }}
    from every_owner
    left join primary_teams on every_owner.rep_id = primary_teams.rep_id

)

select * from named
