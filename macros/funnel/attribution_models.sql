{#-
    The attribution models: name -> the share of a touch, over its number, the number of touches,
    its weight and the sum of the weights; in double precision.
-#}
{% macro attribution_models() %}
    {%- set n = 'cast(touches as ' ~ lead_qualification.type_double() ~ ')' -%}
    {{ return({
        'first_touch': 'case when touch_number = 1 then 1 else 0 end',
        'last_touch': 'case when touch_number = touches then 1 else 0 end',
        'linear': '1 / ' ~ n,
        'position_based': 'case when touches <= 2 then 1 / ' ~ n
            ~ ' when touch_number in (1, touches) then 0.4 else 0.2 / (' ~ n ~ ' - 2) end',
        'time_decay': 'weight / total_weight',
    }) }}
{% endmacro %}
