{#-
    Timers that move a lead in a circle with nothing else happening, as a check in the form of policy_checks. Where
    a timer leads depends on three flags of a lead, as in int_stage_rules.
-#}
{% macro policy_timer_cycles() %}
    {%- set key = ['profile', 'stage', 'timer_event'] -%}
    {%- set checks = [] -%}
    {%- for cycle in lead_qualification.timer_cycles() -%}
        {%- set timer = cycle[0] -%}
        {%- set stages = cycle | map(attribute='stage') | list -%}
        {%- do checks.append(lead_qualification.policy_rows_where(
            'stage_timers', key,
            'stage = ' ~ lead_qualification.text_literal(timer.stage)
            ~ " and coalesce(profile, '') = " ~ lead_qualification.text_literal(timer.profile),
            lead_qualification.text_literal(
                'the timers run in a circle: ' ~ (stages + [timer.stage]) | join(' to ')
                ~ '; let one of them lead to a stage without a timer, or delete it')
        )) -%}
    {%- endfor -%}
    {%- if not checks -%}
        {%- do checks.append(lead_qualification.policy_rows_where('stage_timers', key, '1 = 0', "''")) -%}
    {%- endif -%}
    {{ return(checks | unique | join('\n    union distinct\n    ')) }}
{% endmacro %}


{#- Each circle as a list of timers, from the first stage by name; none while nobody can know. -#}
{% macro timer_cycles() %}
    {%- set timers = lead_qualification.checked_policy('stage_timers') ~ ' as timers' -%}
    {%- set transitions = lead_qualification.checked_policy('stage_transitions') ~ ' as transitions' -%}
    {%- set stages = lead_qualification.policy('stages') -%}
    {%- if not lead_qualification.is_run() or model.resource_type == 'unit_test' -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set stage_rows = {} -%}
    {%- set of_role = {} -%}
    {%- for row in run_query('select stage, role, requires_opt_in, open_to_disqualified from ' ~ stages).rows -%}
        {%- do stage_rows.update({row[0]: {'role': row[1], 'requires_opt_in': row[2], 'open_to_disqualified': row[3]}}) -%}
        {%- do of_role.update({row[1]: row[0]}) -%}
    {%- endfor -%}
    {%- set moves = {} -%}
    {%- for row in run_query('select from_stage, event, to_stage, is_regression from ' ~ transitions).rows -%}
        {%- do moves.update({(row[0], row[1]): {'to_stage': row[2], 'is_regression': row[3]}}) -%}
    {%- endfor -%}
    {%- set timers_of = {'': {}} -%}
    {%- for row in run_query(
        "select coalesce(profile, '') as of_profile, stage, timer_event from " ~ timers
        ~ ' where stage is not null and timer_event is not null order by of_profile, stage').rows -%}
        {%- set own = timers_of.setdefault(row[0], dict(timers_of[''])) -%}
        {%- do own.update({row[1]: {'profile': row[0], 'stage': row[1], 'event': row[2]}}) -%}
    {%- endfor -%}
    {%- set cycles = [] -%}
    {%- for of_profile in timers_of.values() -%}
        {%- for flags in [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 0, 1], [1, 1, 0]] -%}
            {%- set next_stages = {} -%}
            {%- for stage, timer in of_profile.items() if moves.get((stage, timer.event)) -%}
                {%- do next_stages.update({stage: lead_qualification.stage_after_detours(
                    moves[(stage, timer.event)], stage_rows, of_role, flags)}) -%}
            {%- endfor -%}
            {%- for start in next_stages | sort -%}
                {%- set walk = namespace(here=next_stages[start]) -%}
                {%- set path = [of_profile[start]] -%}
                {%- for _ in next_stages -%}
                    {%- if walk.here in next_stages and walk.here > start -%}
                        {%- do path.append(of_profile[walk.here]) -%}
                        {%- set walk.here = next_stages[walk.here] -%}
                    {%- endif -%}
                {%- endfor -%}
                {%- if walk.here == start and path | length > 1 and path not in cycles -%}
                    {%- do cycles.append(path) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(cycles) }}
{% endmacro %}


{#- Where a transition leads a lead. flags: whether it regressed as often as it may, opted out, is disqualified. -#}
{% macro stage_after_detours(move, stage_rows, of_role, flags) %}
    {%- set to_stage = move.to_stage -%}
    {%- if flags[0] and (move.is_regression or stage_rows.get(to_stage, {}).get('role') == 'nurture') -%}
        {%- set to_stage = of_role.get('long_term_nurture', to_stage) -%}
    {%- endif -%}
    {%- set to_row = stage_rows.get(to_stage, {}) -%}
    {%- if flags[2] and not to_row.get('open_to_disqualified') -%}
        {%- set to_stage = of_role.get('disqualified', to_stage) -%}
    {%- elif flags[1] and to_row.get('requires_opt_in') -%}
        {%- set to_stage = of_role.get('suppressed', to_stage) -%}
    {%- endif -%}
    {{ return(to_stage) }}
{% endmacro %}
