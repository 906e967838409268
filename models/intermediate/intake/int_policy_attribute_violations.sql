{{ config(materialized='ephemeral', tags=['gate']) }}

-- Attributes of attributes.csv that nobody could tell apart or read, and fit rules that match one in a way
-- that its type does not have.
{%- set fit_rule = ['scoring_model', 'criterion', 'rule_order'] %}
{%- set checks = [
    policy_duplicates('attributes', ['attribute']),
    policy_rows_where(
        'attributes', ['attribute', 'object'],
        'attribute is null or not ' ~ regexp_like('attribute', '^[a-z][a-z0-9_]*$'),
        "'attribute is a name in lower-case letters, digits and _, as attribute_changes has it in any case'"
    ),
    policy_rows_where(
        'attributes', ['attribute'],
        'attribute in (' ~ text_literals(built_in_attributes()) ~ ')',
        "attribute || ' is the name of something built in; choose another'"
    ),
    policy_not_one_of('attributes', ['attribute'], 'object', tracked_attributes() | list),
    policy_not_one_of('attributes', ['attribute'], 'type', custom_attribute_types() | list),
    policy_not_given('attributes', ['attribute'], ['is_dimension', 'is_feature']),
    policy_rows_where(
        'attributes', ['attribute'],
        "type in ('decimal', 'date') and (is_dimension or is_feature)",
        "'a ' || type || ' has too many values for a dimension or a feature; track classes of it, as text or integer'"
    )
] %}
with

attribute_violations as (

    {{ checks | join('\n    union all\n    ') }}

),

fit_rule_violations as (

    {% call per_policy_version() %}
    {%- for name, type in custom_attribute_types().items() %}
    {%- set of_type = policy('attributes') ~ " as custom_attributes where type = '" ~ name ~ "'" %}
    {%- set is_of_type = 'attribute in (select attribute from ' ~ of_type ~ ')' %}
    {{ policy_rows_where(
        'fit_rules', fit_rule,
        is_of_type ~ ' and match_type not in (' ~ text_literals(type.match_types) ~ ')',
        "'match_type is ' || match_type || '; for " ~ name ~ ' it is one of ' ~ type.match_types | join(', ') ~ "'"
    ) }}
    {%- if type.item %}
    union all
    {{ policy_rows_where(
        'fit_rules', fit_rule,
        is_of_type ~ " and match_type = 'in' and not "
        ~ regexp_like('lower(match_values)', '^ *' ~ type.item ~ ' *([|] *' ~ type.item ~ ' *)*$'),
        "'match_values has a value that is not of the type " ~ name ~ " of ' || attribute"
    ) }}
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {% endcall %}

),

violations as (

    select * from attribute_violations
    union all
    select * from fit_rule_violations

)

select * from violations
