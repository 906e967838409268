with

owners as (

    select * from {{ landed('hubspot_fivetran', 'owner') }}

),

owner_teams as (

    select * from {{ landed('hubspot_fivetran', 'owner_team') }}

),

teams as (

    select * from {{ landed('hubspot_fivetran', 'team') }}

),

primary_teams as (

    select owner_teams.owner_id, min(teams.name) as team_name
    from owner_teams
    inner join teams on owner_teams.team_id = teams.id
    where {{ says_yes('owner_teams.is_team_primary') }}
    group by owner_teams.owner_id

),

named as (

    select
        owners.owner_id as rep_id,
        owners.email,
        owners.first_name,
        owners.last_name,
        primary_teams.team_name as territory,
        owners.active_user_id is not null as is_active
        {{- custom_items('hubspot_fivetran', 'sales_reps', ['owner'], 'owner', 'owners') }}
    from owners
    left join primary_teams on owners.owner_id = primary_teams.owner_id

)

select * from named
