{#- The dimensions that the funnel is cut by, beside those of attributes.csv: name -> expression over int_funnel_leads. -#}
{% macro funnel_dimensions() %}
    {{ return({
        'overall': "'all'", 'channel': 'channel', 'lead_source': 'lead_source', 'motion': 'motion',
        'intent_class': 'intent_class', 'company_segment': 'company_segment', 'campaign': 'campaign_id',
        'country': 'country', 'industry': 'industry', 'grade': 'grade', 'profile': 'profile',
    }) }}
{% endmacro %}


{#- The counts of 6-funnel over a set of leads: name -> the condition that a lead must meet. -#}
{% macro funnel_conditions() %}
    {{ return({
        'leads': 'first_seen_at is not null',
        'mqls': 'mql_at is not null',
        'pqls': 'pql_at is not null',
        'sqls': 'sql_at is not null',
        'direct_sqls': 'sql_at is not null and mql_at is null',
        'opportunities': 'opportunity_at is not null',
        'customers': 'customer_at is not null',
        'leads_to_mql': 'mql_at >= first_seen_at',
        'leads_to_sql': 'sql_at >= first_seen_at',
        'leads_to_customer': 'customer_at >= first_seen_at',
        'mqls_to_sql': 'sql_at >= mql_at',
        'mqls_to_opportunity': 'opportunity_at >= mql_at',
        'mqls_to_customer': 'customer_at >= mql_at',
        'pqls_to_sql': 'sql_at >= pql_at',
        'pqls_to_customer': 'customer_at >= pql_at',
        'sqls_to_opportunity': 'opportunity_at >= sql_at',
        'sqls_to_customer': 'customer_at >= sql_at',
        'opportunities_to_customer': 'customer_at >= opportunity_at',
    }) }}
{% endmacro %}


{#- The rates: name -> count above, count below. -#}
{% macro funnel_rates() %}
    {{ return({
        'lead_to_mql_rate': ['leads_to_mql', 'leads'],
        'lead_to_sql_rate': ['leads_to_sql', 'leads'],
        'lead_to_customer_rate': ['leads_to_customer', 'leads'],
        'mql_to_sql_rate': ['mqls_to_sql', 'mqls'],
        'sql_to_opportunity_rate': ['sqls_to_opportunity', 'sqls'],
        'opportunity_to_won_rate': ['opportunities_to_customer', 'opportunities'],
        'mql_to_won_rate': ['mqls_to_customer', 'mqls'],
        'sql_to_won_rate': ['sqls_to_customer', 'sqls'],
        'pql_to_sql_rate': ['pqls_to_sql', 'pqls'],
        'pql_to_won_rate': ['pqls_to_customer', 'pqls'],
    }) }}
{% endmacro %}


{#- select list of counts, over one row per lead. conditions: name -> the condition that a lead must meet. -#}
{% macro funnel_counts(conditions) -%}
    {%- for name, condition in conditions.items() %}
        cast(count(case when {{ condition }} then 1 end) as integer) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- select list of the sums of such counts, over sets of leads that share none. -#}
{% macro sums_of_funnel_counts(conditions) -%}
    {%- for name in conditions %}
        cast(sum({{ name }}) as integer) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- select list of all rates with their intervals, over the counts. -#}
{% macro funnel_rates_with_intervals() -%}
    {%- for name, counts in lead_qualification.funnel_rates().items() %}
        {{ lead_qualification.rate_with_interval(name, counts[0], counts[1]) }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#-
    The benchmark metrics that are steps from one timestamp of a lead to another. Those of hand-offs
    and of target accounts are in int_benchmark_metrics.
-#}
{% macro benchmark_metrics() %}
    {{ return({
        'lead_to_won_rate': {'from_at': 'first_seen_at', 'to_at': 'customer_at'},
        'mql_to_sql_rate': {'from_at': 'mql_at', 'to_at': 'sql_at'},
        'mql_to_won_rate': {'from_at': 'mql_at', 'to_at': 'customer_at'},
        'median_days_mql_to_won': {'from_at': 'mql_at', 'to_at': 'customer_at'},
        'pql_to_sql_rate': {'from_at': 'pql_at', 'to_at': 'sql_at'},
        'pql_to_won_rate': {'from_at': 'pql_at', 'to_at': 'customer_at'},
        'median_days_pql_to_won': {'from_at': 'pql_at', 'to_at': 'customer_at'},
        'sql_to_opportunity_rate': {'from_at': 'sql_at', 'to_at': 'opportunity_at'},
        'sql_to_won_rate': {'from_at': 'sql_at', 'to_at': 'customer_at'},
        'median_days_sql_to_won': {'from_at': 'sql_at', 'to_at': 'customer_at'},
        'opportunity_to_won_rate': {'from_at': 'opportunity_at', 'to_at': 'customer_at'},
    }) }}
{% endmacro %}


{#- When the member of a row began the step of its metrics.metric (from_at), or ended it (to_at). -#}
{% macro instant_of_metric(end) -%}
    {%- set columns = {} -%}
    {%- for metric, step in lead_qualification.benchmark_metrics().items() -%}
        {%- do columns.update({metric: 'members.' ~ step[end]}) -%}
    {%- endfor -%}
    {{ lead_qualification.value_of_name('metrics.metric', columns) }}
{%- endmacro %}


{#- The steps that each metric of benchmarks goes between, as SQL texts: metric, step. -#}
{% macro benchmark_steps() %}
    {%- set steps = [
        ["'account_engaged_to_pipeline_rate'", "'target_account'"],
        ["'account_engaged_to_pipeline_rate'", "'opportunity_at'"],
    ] -%}
    {%- for metric, step in lead_qualification.benchmark_metrics().items() -%}
        {%- for at in [step.from_at, step.to_at] -%}
            {%- do steps.append(["'" ~ metric ~ "'", "'" ~ at ~ "'"]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(steps) }}
{% endmacro %}


{#-
    The raw tables that say whether a step was taken, and for which sql_definition_rank: from that of a role
    (null: from any) to that of another. One that has rows is enough. Steps that are not here need none: a
    score may make an MQL of any lead.
-#}
{% macro benchmark_step_sources() %}
    {{ return([
        ["'pql_at'", "'product_events'", 'null', "'qualified'"],
        ["'sql_at'", "'lead_status_changes'", "'accepted'", "'accepted'"],
        ["'sql_at'", "'qualification_answers'", "'accepted'", "'qualified'"],
        ["'opportunity_at'", "'opportunities'", 'null', "'qualified'"],
        ["'customer_at'", "'opportunities'", 'null', "'qualified'"],
        ["'target_account'", "'accounts'", 'null', "'qualified'"],
    ]) }}
{% endmacro %}


{#- The MQLs that got to each target less than so many days of 24 hours after mql_at: name -> the condition. -#}
{% macro conditions_within_days() %}
    {%- set conditions = {} -%}
    {%- for target, reached_at in {'sql': 'sql_at', 'opportunity': 'opportunity_at', 'customer': 'customer_at'}.items() -%}
        {%- for days in [30, 60, 90, 180] -%}
            {%- do conditions.update({'mqls_to_' ~ target ~ '_within_' ~ days ~ '_days':
                reached_at ~ ' >= mql_at and ' ~ reached_at ~ ' < ' ~ lead_qualification.add_days('mql_at', days)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(conditions) }}
{% endmacro %}


{#- What is counted of each cohort: name -> the condition that a lead must meet. -#}
{% macro cohort_conditions() %}
    {{ return(dict(lead_qualification.funnel_conditions(), **lead_qualification.conditions_within_days())) }}
{% endmacro %}
