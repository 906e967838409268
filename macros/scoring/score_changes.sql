{#-
    The whole numbers whose running sums make the score timeline. counts and points each hold
    several quantities, every one in bits of its own: a sum of one number costs as much as a sum of
    four in one. multiplier and penalty are in ten-thousandths. Sums of counts are never negative;
    those of points may be, so they are moved up by half of what their bits hold before they are
    read. That a quantity fits its bits: test packed_sums_fit.
-#}
{% macro score_change_columns() %}
    {{ return(['counts', 'points', 'multiplier', 'penalty']) }}
{% endmacro %}


{#- Where each quantity is: in which number, from which bit on, in how many bits. -#}
{% macro packed_quantities() %}
    {{ return({
        'awake': ('counts', 0, 2),
        'intent_signals': ('counts', 2, 20),
        'meaningful_signals': ('counts', 22, 20),
        'high_intent_signals': ('counts', 42, 20),
        'behaviour': ('points', 0, 31),
        'intent': ('points', 31, 31),
    }) }}
{% endmacro %}


{#- The columns of score_change_columns: of what is given by its name, else 0. -#}
{% macro score_changes(multiplier=none, penalty=none) -%}
    {%- for word in ('counts', 'points') %}
        {%- set parts = [] %}
        {%- for name, (its_word, position, _) in lead_qualification.packed_quantities().items() if its_word == word and name in kwargs %}
            {%- do parts.append('cast(' ~ kwargs[name] ~ ' as bigint) * ' ~ 2 ** position) %}
        {%- endfor %}
        {{ parts | join(' + ') or 'cast(0 as bigint)' }} as {{ word }},
    {%- endfor %}
        {{ lead_qualification.ten_thousandths(multiplier) if multiplier else 'cast(0 as bigint)' }} as multiplier,
        {{ lead_qualification.ten_thousandths(penalty) if penalty else 'cast(0 as bigint)' }} as penalty
{%- endmacro %}


{#- A decimal with four places as a whole number, and back. -#}
{% macro ten_thousandths(expression) -%}
    cast(cast({{ expression }} as decimal(13, 4)) * cast(10000 as decimal(5, 0)) as bigint)
{%- endmacro %}

{% macro from_ten_thousandths(expression) -%}
    cast(cast({{ expression }} as decimal(14, 0)) * cast(0.0001 as decimal(4, 4)) as decimal(18, 4))
{%- endmacro %}


{#- A select list with every number of score_change_columns in an expression; % is its name. -#}
{% macro each_score_change(expression, prefix='') -%}
    {%- for column in lead_qualification.score_change_columns() %}
        {{ expression | replace('%', column) }} as {{ prefix }}{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- A quantity of the relation running: of the sums of its row or, if before, of those before its change. -#}
{% macro running_quantity(name, before=false) -%}
    {%- set quantities = lead_qualification.packed_quantities() -%}
    {%- set word, position, bits = quantities[name] -%}
    {%- set sums = 'running.' ~ word ~ (' - running.change_of_' ~ word if before else '') -%}
    {%- if word == 'points' -%}
        {%- set half = 2 ** (bits - 1) -%}
        {{ lead_qualification.packed_part(sums ~ ' + ' ~ half * (1 + 2 ** bits), position, bits) }} - {{ half }}
    {%- else -%}
        {{ lead_qualification.packed_part(sums, position, bits) }}
    {%- endif -%}
{%- endmacro %}


{#- Such a quantity, 0 while the lead is dormant; and what it was just before, as previous_<name>. -#}
{% macro while_awake(name) -%}
    case when {{ lead_qualification.running_quantity('awake') }} > 0 then {{ lead_qualification.running_quantity(name) }} else 0 end
        as {{ name }},
        case
            when {{ lead_qualification.running_quantity('awake', before=true) }} > 0
                then {{ lead_qualification.running_quantity(name, before=true) }}
            else 0
        end as previous_{{ name }}
{%- endmacro %}
