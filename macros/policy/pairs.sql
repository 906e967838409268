{#-
    The pairs of a scoring model and a profile that a lead has: by model_assignment.csv one of the track main and,
    for some leads, one of the track second. Rules by motion alone give each lead one pair that only the policy
    changes; with other conditions or a second track the pairs of a lead have instants of their own.
-#}

{#- The tracks of model_assignment.csv. -#}
{% macro tracks() %}
    {{ return(['main', 'second']) }}
{% endmacro %}


{#- Conditions of model_assignment.csv that a lead meets or not whatever the time. -#}
{% macro lasting_conditions() %}
    {{ return(['motion', 'channel', 'lead_source']) }}
{% endmacro %}


{#- Those of attributes, which may change. -#}
{% macro attribute_conditions() %}
    {{ return(['company_segment', 'is_target_account', 'industry', 'country']) }}
{% endmacro %}


{#- Those that the first signal of a kind fulfils, forever. -#}
{% macro signal_conditions() %}
    {{ return(['has_product_use', 'has_inbound_interest']) }}
{% endmacro %}


{#- Conditions that are true or false. -#}
{% macro yes_or_no_conditions() %}
    {{ return(['is_target_account'] + lead_qualification.signal_conditions()) }}
{% endmacro %}


{#- Whether a rule of model_assignment.csv has no condition but the motion. -#}
{% macro asks_for_motion_alone(relation) -%}
    {%- set conditions = [] -%}
    {%- for condition in lead_qualification.lasting_conditions() + lead_qualification.attribute_conditions()
        + lead_qualification.signal_conditions() if condition != 'motion' -%}
        {%- do conditions.append(relation ~ '.' ~ condition ~ ' is null') -%}
    {%- endfor -%}
    ({{ conditions | join(' and ') }})
{%- endmacro %}


{#- The track of a rule of model_assignment.csv. -#}
{% macro track_of(relation) -%}
    coalesce(nullif(lower(trim({{ relation }}.track)), ''), 'main')
{%- endmacro %}


{#-
    Whether model_assignment.csv asks for more than the motion or has a second track; otherwise models leave
    out what only that needs. In unit tests and while dbt parses as with has_policy_versions.
-#}
{% macro has_changing_pairs() %}
    {%- set conditions = ["lower(trim(track)) = 'second'", "motion like '%|%'"] -%}
    {%- for column in lead_qualification.lasting_conditions() + lead_qualification.attribute_conditions()
        + lead_qualification.signal_conditions() if column != 'motion' -%}
        {%- do conditions.append(column ~ ' is not null') -%}
    {%- endfor -%}
    {{ return(lead_qualification.has_policy_rows('model_assignment', conditions | join(' or '))) }}
{% endmacro %}


{#- Whether the pair of a lead may be another at another time. -#}
{% macro has_profile_history() %}
    {%- set changes = lead_qualification.has_changing_pairs() -%}
    {{ return(changes or lead_qualification.has_policy_versions()) }}
{% endmacro %}


{#- The pairs of a lead over time, of both tracks: the CTE of that name reads it. -#}
{% macro lead_pairs() -%}
    {%- do lead_qualification.needs('int_lead_profiles') -%}
    {%- do lead_qualification.needs('int_lead_pairs') -%}
    {%- do lead_qualification.needs('int_lead_profile_history') -%}
    {%- if lead_qualification.has_changing_pairs() -%}
    select * from {{ lead_qualification.rows_of_this_run('int_lead_pairs', 'lead_pairs') }}
    {%- else -%}
    select
        lead_pairs.*,
        'main' as track
    from {{ lead_qualification.rows_of_this_run('int_lead_profile_history', 'lead_pairs') }}
    {%- endif -%}
{%- endmacro %}


{#-
    A column of the pair that decided an entry into a stage, scoring_model or profile: the second one's where its
    gate or trigger made the entry, else that of lead_profiles at its instant. Needs join_deciding_pair.
-#}
{% macro of_deciding_pair(column) -%}
    {%- if lead_qualification.has_changing_pairs() -%}
    coalesce(second_entries.{{ column }}, lead_profiles.{{ column }})
    {%- else -%}
    lead_profiles.{{ column }}
    {%- endif -%}
{%- endmacro %}


{#- The join of what of_deciding_pair looks at. entries: a relation with lead_id and stage_number. -#}
{% macro join_deciding_pair(entries) -%}
    {%- do lead_qualification.needs('int_second_pair_entries') -%}
    {%- if lead_qualification.has_changing_pairs() -%}
    left join {{ lead_qualification.rows_of_this_run('int_second_pair_entries', 'second_entries') }}
        on
            {{ entries }}.lead_id = second_entries.lead_id
            and {{ entries }}.stage_number = second_entries.stage_number
    {%- endif -%}
{%- endmacro %}


{#-
    Whether a model may score a lead only part of the time, in one version of the policy: scores are then
    computed for all of it and cut to int_scored_periods. With several versions int_lead_model_stretches cuts.
-#}
{% macro has_bounded_scores() %}
    {{ return(lead_qualification.has_changing_pairs() and (not execute or not lead_qualification.has_policy_versions())) }}
{% endmacro %}


{#-
    A select of rows of one score each, cut to the periods in which it is scored. rows: a relation with
    score_key. from_column, to_column: its period, open where the second is null. columns: what else is selected.
-#}
{% macro cut_to_scored_periods(rows, from_column, to_column, columns) -%}
    select
        {%- for column in columns %}
        {{ rows }}.{{ column }},
        {%- endfor %}
        greatest({{ rows }}.{{ from_column }}, coalesce(scored_periods.valid_from, {{ rows }}.{{ from_column }})) as {{ from_column }},
        nullif(
            least(
                coalesce({{ rows }}.{{ to_column }}, {{ lead_qualification.never() }}),
                coalesce(scored_periods.valid_to, {{ lead_qualification.never() }})
            ),
            {{ lead_qualification.never() }}
        ) as {{ to_column }}
    from {{ rows }}
    left join {{ lead_qualification.rows_of_this_run('int_scored_periods', 'scored_periods') }}
        on {{ rows }}.score_key = scored_periods.score_key
    where
        scored_periods.score_key is null
        or (
            {{ rows }}.{{ from_column }} < scored_periods.valid_to
            and coalesce({{ rows }}.{{ to_column }} > scored_periods.valid_from, true)
        )
{%- endmacro %}


{#- The condition that a value is one of those that a rule lists; an empty list takes every value, also an unknown one. -#}
{% macro meets_condition(value, list) -%}
    ({{ list }} is null or coalesce({{ lead_qualification.is_listed('cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')', list) }}, false))
{%- endmacro %}


{#- A list of a rule of model_assignment.csv, without blanks around its items; null if it is empty. -#}
{% macro condition_list(relation, column) -%}
    {%- set text = 'cast(' ~ relation ~ '.' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set text = lead_qualification.normalised_lead_source(text) if column == 'lead_source' else 'lower(trim(' ~ text ~ '))' -%}
    nullif({{ lead_qualification.regexp_replace_all(text, ' *[|] *', '|') }}, '')
{%- endmacro %}
