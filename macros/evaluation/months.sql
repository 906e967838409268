{#- select list items: sums of columns over the earlier months of a scoring model, as earlier_<column>; 0 in the first. -#}
{% macro over_earlier_months(columns) -%}
    {%- for column in columns %}
        coalesce(sum({{ column }}) over (
            partition by scoring_model
            order by month
            rows between unbounded preceding and 1 preceding
        ), 0) as earlier_{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- The sample variance divided by the number, which is the square of the standard error of a mean; null below 2. -#}
{% macro variance_of_mean(number, total, square_sum) -%}
    case
                when {{ number }} >= 2
                    then greatest(0, {{ square_sum }} - {{ total }} * {{ total }} / {{ number }}) / ({{ number }} - 1) / {{ number }}
            end
{%- endmacro %}
