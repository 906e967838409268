{#-
    Which file of the folder LEAD_RAW_PATH is which raw table. Names and endings may be in any
    case: Leads.CSV is the table leads. What no table reads is named, with the table that may be
    meant, so that nothing is left out unseen.
    listed: what raw_files_of gives: name, path, size (bytes), and folder where a file is deeper.
-#}
{% macro sorted_raw_files(listed) %}
    {%- set tables, unread = {}, [] -%}
    {%- for file in listed -%}
        {%- set stem, ending = lead_qualification.stem_and_ending(file.name) -%}
        {%- if not file.is_folder and stem in lead_qualification.raw_contracts() and ending in ('csv', 'parquet') -%}
            {%- do tables.setdefault(stem, []).append(dict(file, table_name=stem, format=ending)) -%}
        {%- elif file.name[0] not in ('.', '_') -%}
            {%- do unread.append(file) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({'tables': tables, 'unread': unread}) }}
{% endmacro %}


{#- The name of a file in lower case, without and after its last point. -#}
{% macro stem_and_ending(name) %}
    {%- set parts = (name | lower).rsplit('.', 1) -%}
    {{ return((parts[0], parts[1] if parts | length > 1 else '')) }}
{% endmacro %}


{#- Warns of files that no table reads. -#}
{% macro warn_of_unread_files(unread, folder) %}
    {%- set shown = 20 -%}
    {%- for file in unread[:shown] -%}
        {%- do exceptions.warn(
            'No table reads ' ~ file.name ~ (' (a folder)' if file.is_folder else '')
            ~ ' in ' ~ lead_qualification.without_credentials(folder) ~ ' (LEAD_RAW_PATH). ' ~ lead_qualification.remedy_of_unread(file)) -%}
    {%- endfor -%}
    {%- if unread | length > shown -%}
        {%- do exceptions.warn(
            'No table reads ' ~ (unread | length - shown) ~ ' more files in ' ~ lead_qualification.without_credentials(folder)
            ~ ' (LEAD_RAW_PATH). Move what is not raw data out of the folder.') -%}
    {%- endif -%}
{% endmacro %}


{#- What to do about a file that no table reads. -#}
{% macro remedy_of_unread(file) %}
    {%- set meant = lead_qualification.table_meant(file.name) -%}
    {%- set ending = lead_qualification.stem_and_ending(file.name)[1] -%}
    {%- if meant is none -%}
        {{ return('Move it out of the folder, or name it as its table is named in docs/raw_contract.md.') }}
    {%- elif file.is_folder -%}
        {{ return('It may mean ' ~ meant ~ ': put its rows into one file ' ~ meant ~ '.csv or ' ~ meant ~ '.parquet.') }}
    {%- elif ending in ('gz', 'zip', 'bz2', 'xz', 'zst', '7z') -%}
        {{ return('It may mean ' ~ meant ~ '.csv: decompress it to that name.') }}
    {%- elif ending in ('csv', 'parquet') -%}
        {{ return('It may mean ' ~ meant ~ '.' ~ ending ~ ': rename it, or move it out of the folder.') }}
    {%- else -%}
        {{ return('It may mean ' ~ meant ~ '.csv: save it as CSV in UTF-8 under that name, or move it out of the folder.') }}
    {%- endif -%}
{% endmacro %}


{#-
    The raw table that a file name may mean; none if none is near: the longest table whose letters
    are in the name, else one that other tools call so, else one that the name is the beginning of
    or misses by a letter or, if it is long, two.
-#}
{% macro table_meant(name) %}
    {%- set letters = modules.re.sub('[^a-z]', '', (name | lower).split('.')[0]) -%}
    {%- set others = {'contact': 'leads', 'compan': 'accounts', 'organi': 'accounts', 'deal': 'opportunities', 'users': 'sales_reps', 'owner': 'sales_reps'} -%}
    {%- set inside, near = [], [] -%}
    {%- for table_name in lead_qualification.raw_contracts() -%}
        {%- set wanted = table_name | replace('_', '') -%}
        {%- set distance = lead_qualification.edit_distance(letters, wanted) -%}
        {%- if wanted in letters -%}
            {%- do inside.append((-(wanted | length), table_name)) -%}
        {%- elif distance <= (2 if letters | length > 6 else 1) or (letters | length > 3 and wanted.startswith(letters)) -%}
            {%- do near.append((distance, table_name)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set called = [] -%}
    {%- for beginning, table_name in others.items() if letters.startswith(beginning) -%}
        {%- do called.append((0, table_name)) -%}
    {%- endfor -%}
    {%- set found = (inside | sort) + called + (near | sort) -%}
    {{ return(found[0][1] if found else none) }}
{% endmacro %}


{#- How many letters to insert, delete or replace to make one text the other. -#}
{% macro edit_distance(one, other) %}
    {%- set rows = {'above': range(other | length + 1) | list} -%}
    {%- for letter in one -%}
        {%- set row = [loop.index] -%}
        {%- for wanted in other -%}
            {%- do row.append([
                rows.above[loop.index] + 1,
                row[-1] + 1,
                rows.above[loop.index0] + (0 if letter == wanted else 1)
            ] | min) -%}
        {%- endfor -%}
        {%- do rows.update({'above': row}) -%}
    {%- endfor -%}
    {{ return(rows.above[-1]) }}
{% endmacro %}


{#-
    The files of the tables, one each, and the faults of those that are there twice; leads must be
    there. tables: as sorted_raw_files gives them.
-#}
{% macro one_file_per_table(found, folder) %}
    {%- set files, faults = {}, [] -%}
    {%- for table_name in lead_qualification.raw_contracts() if table_name in found.tables -%}
        {%- set own = found.tables[table_name] -%}
        {%- if own | length > 1 -%}
            {%- do faults.append(
                own | map(attribute='name') | sort | join(' and ') ~ ': raw table ' ~ table_name
                ~ ' exists twice. Keep one of the files.') -%}
        {%- else -%}
            {%- do files.update({table_name: own[0]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if 'leads' not in found.tables -%}
        {%- set meant = [] -%}
        {%- for file in found.unread if lead_qualification.table_meant(file.name) == 'leads' -%}
            {%- do meant.append(file.name ~ '? ' ~ lead_qualification.remedy_of_unread(file)) -%}
        {%- endfor -%}
        {%- do faults.append(
            'leads: Raw table leads is missing: neither leads.csv nor leads.parquet is there. '
            ~ (meant[0] if meant else 'Put the file there, or set LEAD_RAW_PATH to the folder that has it.')) -%}
    {%- endif -%}
    {{ return({'files': files, 'faults': faults}) }}
{% endmacro %}


{#- Stops the build with what is wrong with raw files, one line each. -#}
{% macro stop_at_raw_files(faults, folder) %}
    {%- if faults -%}
        {{ exceptions.raise_compiler_error(
            'Raw files in ' ~ lead_qualification.without_credentials(folder) ~ ' (LEAD_RAW_PATH) cannot be read (' ~ faults | length ~ '):\n- '
            ~ faults[:20] | join('\n- ') ~ ('\n- ...' if faults | length > 20 else '')) }}
    {%- endif -%}
{% endmacro %}
