{#- Minutes since midnight of a clock time such as 09:30. -#}
{% macro clock_minutes(clock) -%}
    (60 * cast({{ lead_qualification.text_part(clock, ':', 1) }} as integer) + cast({{ lead_qualification.text_part(clock, ':', 2) }} as integer))
{%- endmacro %}


{#-
    Opening seconds of a calendar from its beginning to an instant, over the row of
    int_business_time in which the instant lies.
-#}
{% macro opening_seconds_until(business_time, timestamp) -%}
    ({{ business_time }}.seconds_before + least(
            {{ business_time }}.open_seconds,
            {{ lead_qualification.exact_seconds(business_time ~ '.starts_at', timestamp) }}
        ))
{%- endmacro %}


{#- Join condition: the row of int_business_time in which an instant lies. -#}
{% macro lies_in(business_time, calendar, timestamp) -%}
    {{ calendar }} = {{ business_time }}.calendar
            and cast({{ timestamp }} as date) = {{ business_time }}.day
            and {{ timestamp }} >= {{ business_time }}.starts_at
            and {{ timestamp }} < {{ business_time }}.ends_at
{%- endmacro %}


{#- A duration in seconds (six places) as minutes with four, rounded half up, without floats. -#}
{% macro minutes_of(seconds) -%}
    cast({{ lead_qualification.whole_quotient(
            'cast(' ~ seconds ~ ' as decimal(28, 6)) * 1000000 + 3000', 6000
        ) }} * 0.0001 as decimal(18, 4))
{%- endmacro %}
