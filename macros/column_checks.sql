{#- The checks that the columns of a model have in their meta: column, what its values must
    be or not be, and the condition under which a row fails; for a check against a policy table also
    the table and its field, whose values the condition finds as in_policy_<position among the checks>.
    tests/generic/column_checks.sql says what can be given. -#}
{% macro checks_of_columns(relation) %}
    {%- set found = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.alias == relation.identifier and node.schema == relation.schema -%}
        {%- for column in node.columns.values() -%}
            {%- set meta = column.config.meta -%}
            {%- set name = adapter.quote(column.name) if column.quote else column.name -%}
            {%- set checks = [] -%}
            {%- if meta.not_null -%}
                {%- do checks.append(['not be null', name ~ ' is null']) -%}
            {%- endif -%}
            {%- if meta.not_empty -%}
                {%- do checks.append(['not be empty', name ~ " = ''"]) -%}
            {%- endif -%}
            {%- if meta.lowest is defined -%}
                {%- do checks.append(['be ' ~ meta.lowest ~ ' or more', name ~ ' < ' ~ meta.lowest]) -%}
            {%- endif -%}
            {%- if meta.highest is defined -%}
                {%- do checks.append(['be ' ~ meta.highest ~ ' or less', name ~ ' > ' ~ meta.highest]) -%}
            {%- endif -%}
            {%- if meta.not_before is defined -%}
                {%- do checks.append(['not be before ' ~ meta.not_before, name ~ ' < ' ~ meta.not_before]) -%}
            {%- endif -%}
            {%- if meta.accepted is defined -%}
                {%- set values = meta.accepted | join(', ') if meta.accepted[0] is number else lead_qualification.text_literals(meta.accepted) -%}
                {%- do checks.append(['be one of ' ~ meta.accepted | join(', '), name ~ ' not in (' ~ values ~ ')']) -%}
            {%- endif -%}
            {%- for expression in ([meta.holds] if meta.holds is string else meta.holds or []) -%}
                {%- do checks.append(['be such that ' ~ expression, 'not coalesce(' ~ expression ~ ', false)']) -%}
            {%- endfor -%}
            {%- for must, fails in checks -%}
                {%- do found.append({'column': column.name, 'must': must, 'fails': fails}) -%}
            {%- endfor -%}
            {%- if meta.in_policy -%}
                {%- set table, field, besides = meta.in_policy.table, meta.in_policy.field, meta.in_policy.besides or [] -%}
                {%- set known = 'in_policy_' ~ (found | length + 1) -%}
                {%- do found.append({
                    'column': column.name,
                    'must': 'be in ' ~ ([lead_qualification.policy_file(table) ~ ' (' ~ field ~ ')'] + besides) | join(' or '),
                    'fails': name ~ ' is not null and ' ~ known ~ '.known_value is null'
                        ~ (' and ' ~ name ~ ' not in (' ~ lead_qualification.text_literals(besides) ~ ')' if besides else ''),
                    'name': name, 'known': known, 'table': table, 'field': field}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not found -%}
        {{ exceptions.raise_compiler_error('column_checks of ' ~ relation.identifier ~ ': none of its columns has a check in its meta; give one or take the test away') }}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}


{#- Runs when a run ends: which checks of which columns failed, and in how many rows. -#}
{% macro say_broken_checks(results) %}
    {%- if execute -%}
        {%- for result in results
            if result.status == 'fail' and result.node.test_metadata and result.node.test_metadata.name == 'column_checks' -%}
            {%- for row in run_query(result.node.compiled_code) -%}
                {%- set table = result.node.attached_node.split('.') | last -%}
                {%- do log('  ' ~ table ~ '.' ~ row[0] ~ ' must ' ~ row[1] ~ ': not so in ' ~ row[2] ~ (' row' if row[2] == 1 else ' rows'), info=true) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
