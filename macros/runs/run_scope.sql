{#- The relation that a model of this package makes, by its name, without depending on it. -#}
{% macro relation_of(model_name) %}
    {{ return(lead_qualification.relation_of_node(graph.nodes['model.lead_qualification.' ~ model_name])) }}
{% endmacro %}

{% macro relation_of_node(node) %}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias, type='table')) }}
{% endmacro %}


{#-
    The same, where what a model or seed holds is read: as with ref, with --defer the relation of the other
    state where the own one is missing or the other is preferred.
-#}
{% macro relation_to_read(model_name) %}
    {{ return(lead_qualification.relation_to_read_of_node(graph.nodes['model.lead_qualification.' ~ model_name])) }}
{% endmacro %}

{% macro relation_to_read_of_node(node) %}
    {%- set own = lead_qualification.relation_of_node(node) -%}
    {%- if not node.defer_relation or not invocation_args_dict.get('defer') -%}
        {{ return(own) }}
    {%- endif -%}
    {%- set is_preferred = invocation_args_dict.get('favor_state') and node.unique_id not in selected_resources -%}
    {{ return(lead_qualification.relation_of_node(node.defer_relation) if is_preferred or load_cached_relation(own) is none else own) }}
{% endmacro %}


{#- Whether models are built, and not only parsed, compiled or tested. -#}
{% macro is_run() %}
    {{ return(execute and flags.WHICH in ['run', 'build', 'retry']) }}
{% endmacro %}


{#-
    The row of int_run_scope. One that was not made in this invocation, as with dbt retry, only holds for the tables
    and the code of which it was made.
-#}
{% macro run_scope() %}
    {%- set is_made_now = 'model.lead_qualification.int_run_scope' in selected_resources -%}
    {%- set because = '' if is_made_now else lead_qualification.whole_because() -%}
    {%- if because -%}
        {{ return({'whole_because': because}) }}
    {%- endif -%}
    {%- set scope = lead_qualification.named_rows('select * from ' ~ lead_qualification.relation_of('int_run_scope'))[0] -%}
    {%- if not is_made_now and scope['code_checksum'] != lead_qualification.code_checksum() -%}
        {%- do scope.update({'whole_because': 'a model, a macro, a var or dbt changed'}) -%}
    {%- endif -%}
    {{ return(scope) }}
{% endmacro %}


{#- The names of the per-lead models. -#}
{% macro per_lead_models() %}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.config.materialized == 'by_lead' and node.package_name == 'lead_qualification' -%}
        {%- do names.append(node.name) -%}
    {%- endfor -%}
    {{ return(names | sort) }}
{% endmacro %}


{#-
    Columns that hold the instants at which something of a lead changes without a record: a step of
    the score, the end of a contribution or an episode, a required check that fails or holds, a timer, the end of a cooldown, the day on
    which an outcome is due.
-#}
{% macro due_columns() %}
    {{ return({
        'int_score_steps': ['valid_from'],
        'int_score_contributions': ['ends_at'],
        'int_engagement_episodes': ['ends_at'],
        'int_recency_steps': ['starts_at', 'ends_at'],
        'int_failing_requirements': ['valid_from', 'valid_to'],
        'int_stage_machine': ['timer_at', 'gates_look_at', 'sets_cooldown_until'],
        'evaluation_points': ['outcome_due_at'],
    }) }}
{% endmacro %}


{#- Why this run has to recompute every lead, as far as it is known without the last run; else none. -#}
{% macro whole_because() %}
    {%- if not adapter.dispatch('can_replace_rows', 'lead_qualification')() -%}
        {{ return('rows of its tables cannot be replaced') }}
    {%- elif flags.FULL_REFRESH -%}
        {{ return('--full-refresh asks for it') }}
    {%- endif -%}
    {%- set finished = load_cached_relation(lead_qualification.relation_of('int_finished_run')) -%}
    {%- if finished is none or run_query('select 1 as found from ' ~ finished ~ ' limit 1').rows | length == 0 -%}
        {{ return('no earlier run of all models is known') }}
    {%- endif -%}
    {%- for name, relation in lead_qualification.policy_relations().items() if load_cached_relation(relation) is none -%}
        {{ return('the rows of ' ~ name ~ ' cannot be compared: it is ephemeral') }}
    {%- endfor -%}
    {%- for name in (lead_qualification.due_columns() | list) + ['int_run_scope', 'int_leads_this_run'] -%}
        {%- if load_cached_relation(lead_qualification.relation_of(name)) is none -%}
            {{ return(name ~ ' is missing') }}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in lead_qualification.per_lead_models() if not lead_qualification.is_table(lead_qualification.relation_of(name)) -%}
        {{ return(name ~ ' is missing, or a view') }}
    {%- endfor -%}
{% endmacro %}

{% macro default__can_replace_rows() %}
    {{ return(true) }}
{% endmacro %}

{#- Parquet files do not delete. -#}
{% macro spark__can_replace_rows() %}
    {{ return(false) }}
{% endmacro %}


{#- The ids of the nodes that the per-lead tables are made from, and of these tables. -#}
{% macro nodes_up_to_the_run() %}
    {%- set coming = ['model.lead_qualification.int_finished_run'] -%}
    {%- set known = [] -%}
    {%- for _ in range(100000) if coming -%}
        {%- set key = coming.pop() -%}
        {%- if key not in known and key in graph.nodes -%}
            {%- do known.append(key) -%}
            {%- do coming.extend(graph.nodes[key].depends_on.nodes) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(known | sort) }}
{% endmacro %}


{#- One text for the code that makes the per-lead tables: models up to them, macros, vars, dbt. -#}
{% macro code_checksum() %}
    {%- set parts = [dbt_version, var('expected_amount') | string, var('scanner_seconds') | string,
        var('human_reply_seconds') | string, var('policy_in_force') | string,
        var('attribute_history') | string, lead_qualification.reporting_time_zone()] -%}
    {%- for key in lead_qualification.nodes_up_to_the_run() if key.startswith('model.lead_qualification.') -%}
        {%- do parts.append(graph.nodes[key].raw_code) -%}
    {%- endfor -%}
    {%- for name in lead_qualification.keys() | sort -%}
        {%- do parts.append(lead_qualification[name].macro.macro_sql) -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join(' '))) }}
{% endmacro %}


{#-
    The policy tables that the per-lead tables follow, whoever has them: their relations by name. Labels are only
    linted, so a new word recomputes no lead.
-#}
{% macro policy_relations() %}
    {%- set own = [] -%}
    {%- for name in var('policy_tables', {}).values() -%}
        {%- do own.append(name.split('.')[-1]) -%}
    {%- endfor -%}
    {%- set found = {} -%}
    {%- for key in lead_qualification.nodes_up_to_the_run() -%}
        {%- set node = graph.nodes[key] -%}
        {%- set is_ours = node.package_name == 'lead_qualification' -%}
        {%- set is_policy = node.resource_type == 'seed' and 'policy' in node.fqn and node.name != 'labels' -%}
        {%- if (is_ours and is_policy) or (not is_ours and node.name in own) -%}
            {%- do found.update({node.name: lead_qualification.relation_to_read_of_node(node)}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- Whether this invocation builds every per-lead model, so that a later one may go on from it. -#}
{% macro builds_every_lead_table() %}
    {%- for name in lead_qualification.per_lead_models() + ['int_lead_fingerprints', 'int_run_scope', 'int_leads_this_run'] -%}
        {%- if 'model.lead_qualification.' ~ name not in selected_resources -%}
            {{ return(false) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(true) }}
{% endmacro %}


{#- After int_leads_this_run: how many leads the run is about, and why if it is about all. -#}
{% macro tell_leads_of_run(relation) %}
    {%- if lead_qualification.is_run() -%}
        {%- set counts = run_query(
            'select (select count(*) from ' ~ relation ~ '), (select count(*) from '
            ~ lead_qualification.relation_of('int_lead_fingerprints') ~ ')').rows[0] -%}
        {%- set because = lead_qualification.run_scope()['whole_because'] -%}
        {%- do log(
            '{:,} of {:,} leads recomputed'.format(counts[0] | int, counts[1] | int)
            ~ (': ' ~ because if because else ''), info=True) -%}
    {%- endif -%}
{% endmacro %}
