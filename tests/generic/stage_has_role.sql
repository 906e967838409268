{#- Fails for every row whose stage has none of the roles, of stages.csv. The stage is the column
    itself, or stage_column; then the test says when the column may be given (config where). -#}
{% test stage_has_role(model, column_name, roles, stage_column=none) %}

with

subjects as (

    select * from {{ model }}

)

select subjects.*
from subjects
left join {{ lead_qualification.policy('stages') }} as stages on subjects.{{ stage_column or column_name }} = stages.stage
where coalesce(stages.role not in ('{{ roles | join("', '") }}'), true)

{% endtest %}
