{#-
    A policy table: the seed of this package, or, where the var policy_tables names another, a seed
    or model of the project that is run; a name with a package is taken from there.
    Example: select * from {{ policy('signal_points') }}
    In a host project: vars: {policy_tables: {signal_points: our_signal_points}}
-#}
{% macro policy(table_name) -%}
    {%- set own = var('policy_tables', {}) -%}
    {%- if table_name not in own -%}
        {{ return(ref('lead_qualification', table_name)) }}
    {%- endif -%}
    {%- set parts = own[table_name].split('.') -%}
    {{ return(ref(parts[0] if parts | length > 1 else project_name, parts[-1])) }}
{%- endmacro %}


{#- What a message calls a policy table, so that the reader finds it. -#}
{% macro policy_file(table_name) -%}
    {%- set own = var('policy_tables', {}) -%}
    {{ return(own[table_name] ~ ' (var policy_tables)' if table_name in own else table_name ~ '.csv') }}
{%- endmacro %}


{#- Where the rows of the policy table that a column names can be edited, as text. -#}
{% macro policy_location(column) -%}
    case
    {%- for table_name in var('policy_tables', {}) %}
        when {{ column }} = {{ lead_qualification.text_literal(table_name) }}
            then {{ lead_qualification.text_literal(lead_qualification.policy_file(table_name)) }}
    {%- endfor %}
        when {{ column }} is not null then 'seeds/policy/' || {{ column }} || '.csv'
    end
{%- endmacro %}


{#- Runs before everything else: a key of the var policy_tables that is not a policy table would change nothing. -#}
{% macro check_policy_tables() %}
    {%- if execute and var('policy_tables', {}) -%}
        {%- set known = [] -%}
        {%- for seed in graph.nodes.values() if seed.package_name == 'lead_qualification' and seed.resource_type == 'seed' and 'policy' in seed.fqn -%}
            {%- do known.append(seed.name) -%}
        {%- endfor -%}
        {%- for table_name in var('policy_tables') if table_name not in known -%}
            {{ exceptions.raise_compiler_error(
                'The var policy_tables replaces ' ~ table_name ~ ', which is not a policy table. '
                ~ 'They are: ' ~ known | sort | join(', ') ~ '.') }}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
