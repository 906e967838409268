{#- Raw files on Spark, wherever it reads them: /data, hdfs://, s3a://. -#}

{#- A path as a literal that means this path alone: { } [ ] * ? would stand for other characters. -#}
{% macro spark_path(path) %}
    {{ return(lead_qualification.text_literal(modules.re.sub('([{}\\[\\]*?\\\\])', '\\\\\\1', path))) }}
{% endmacro %}


{#- Files and folders in a folder; Spark lists it itself. A folder called <table>.csv is a table in parts. -#}
{% macro spark__raw_files_of(folder) %}
    {%- do run_query('create or replace temporary view raw_files using binaryFile options (path '
        ~ lead_qualification.spark_path(folder) ~ ", recursiveFileLookup 'true')") -%}
    {%- set listed = run_query('select path, length from raw_files order by path') -%}
    {%- do run_query('drop view raw_files') -%}
    {%- set found = {} -%}
    {%- for row in listed.rows -%}
        {%- set inside = lead_qualification.path_inside(row['path'], folder) -%}
        {%- set name = inside.split('/')[0] -%}
        {%- set is_deep = '/' in inside -%}
        {%- set file = found.setdefault(name, {
            'name': name, 'size': 0, 'is_folder': is_deep and lead_qualification.stem_and_ending(name)[1] not in ('csv', 'parquet'),
            'path': row['path'][:(row['path'] | length) - (inside | length)] ~ name}) -%}
        {%- do file.update({'size': file.size + row['length'] | int}) -%}
    {%- endfor -%}
    {{ return(found.values() | list) }}
{% endmacro %}


{#- A path without the folder that it lies in. -#}
{% macro path_inside(path, folder) %}
    {%- set place = modules.re.sub('^[a-z0-9]+:/*', '/', folder) -%}
    {%- set start = path.find(place ~ '/') if place.startswith('/') else path.find('/' ~ place.split('/')[-1] ~ '/') -%}
    {%- set length = (place if place.startswith('/') else '/' ~ place.split('/')[-1]) | length + 1 -%}
    {{ return(path[start + length:]) }}
{% endmacro %}


{% macro spark__checked_raw_file(file) %}
    {%- if file.size == 0 -%}
        {{ return(dict(file, faults=[lead_qualification.fault_of_empty_file(file.name)])) }}
    {%- elif file.format == 'parquet' -%}
        {{ return(dict(file, faults=lead_qualification.spark_faults_of_parquet(file))) }}
    {%- endif -%}
    {%- do run_query('create or replace temporary view raw_file_lines using text options (path '
        ~ lead_qualification.spark_path(file.path) ~ ", recursiveFileLookup 'true')") -%}
    {%- set first = run_query('select value from raw_file_lines limit 1').rows -%}
    {%- set header = lead_qualification.csv_header(file.table_name, file.name, first[0]['value'] if first else none) -%}
    {%- set checked = dict(file, header=header) -%}
    {%- do checked.update({'faults': lead_qualification.spark_faults_of_csv(checked)
        if lead_qualification.whole_files_are_checked() else [header.fault] | select | list}) -%}
    {%- do run_query('drop view raw_file_lines') -%}
    {{ return(checked) }}
{% endmacro %}


{#- Files of which the first or last bytes are not those of Parquet; large ones are only opened. -#}
{% macro spark_faults_of_parquet(file) %}
    {%- do run_query('create or replace temporary view raw_files using binaryFile options (path '
        ~ lead_qualification.spark_path(file.path) ~ ", recursiveFileLookup 'true')") -%}
    {%- set broken = run_query(
        "select count(*) as found from raw_files where length < 12 or (length < 67108864 and ("
        ~ "hex(substring(content, 1, 4)) <> '50415231' or hex(substring(content, -4, 4)) <> '50415231'))").rows[0]['found'] -%}
    {%- do run_query('drop view raw_files') -%}
    {{ return([lead_qualification.fault_of_parquet(file)] if broken else []) }}
{% endmacro %}


{#- What is wrong with a CSV: see duckdb_faults_of_csv. A table in parts has a header in each. -#}
{% macro spark_faults_of_csv(file) %}
    {%- set quotes = "length(value) - length(replace(value, '\"', ''))" -%}
    {%- set is_header = 'value rlike ' ~ lead_qualification.text_literal(lead_qualification.header_pattern(file)) -%}
    {#- In quotes, or not beginning with one, or empty; without going back, which Java does by recursion. -#}
    {%- set cell = '([ ]*"[^"]*+(""[^"]*+)*+"[ ]*|[^"{}][^{}]*+|)' -%}
    {%- set ill_quoted = "value like '%\"%' and not value rlike " ~ lead_qualification.text_literal(
        ('^(' ~ cell ~ '({}|$))*$') | replace('{}', file.header.delimiter)) -%}
    {%- set counted = run_query(
        'select count(distinct file) as files, count(case when ' ~ ill_quoted ~ ' then 1 end) as ill_quoted, '
        ~ "count(case when value <> '' then 1 end) as lines, count(case when " ~ lead_qualification.spark_is_not_text() ~ " then 1 end) as other_encoding, "
        ~ 'count(case when (' ~ quotes ~ ') % 2 = 1 then 1 end) as open_lines, '
        ~ 'count(case when ' ~ is_header ~ ' then 1 end) as headers from ' ~ lead_qualification.spark_lines()).rows[0] -%}
    {%- if counted['other_encoding'] | int > 0 or '\x00' in file.header.text -%}
        {{ return([lead_qualification.spark_fault_of_line(file)]) }}
    {%- elif file.header.fault -%}
        {{ return([file.header.fault]) }}
    {%- elif counted['headers'] | int > counted['files'] | int -%}
        {%- set second = lead_qualification.spark_line_where(is_header ~ ' and number > 1', file.header.text) -%}
        {{ return([lead_qualification.fault_of_second_header(file.name, second['number'], second['is_same'])]) }}
    {%- elif counted['ill_quoted'] | int > 0 and counted['open_lines'] | int == 0 -%}
        {{ return([lead_qualification.fault_of_quotes(
            file.name, lead_qualification.spark_line_where(ill_quoted)['number'], counted['ill_quoted'] | int)]) }}
    {%- endif -%}
    {%- set records = counted['lines'] | int if counted['open_lines'] | int == 0 else run_query(
        "select count(case when value <> '' and open_quotes % 2 = 0 then 1 end) as records from ("
        ~ 'select value, sum(' ~ quotes ~ ') over (partition by file order by block, place) as open_quotes from '
        ~ lead_qualification.spark_lines() ~ ')').rows[0]['records'] | int -%}
    {%- set read = lead_qualification.spark_counted_records(file) -%}
    {%- if read.refused -%}
        {{ return([file.name ~ ': rows with fewer or more cells than the header, which has '
            ~ file.header.columns | length ~ ' (' ~ read.refused ~ '). Export it again with quotes around every text.']) }}
    {%- elif read.records != records - counted['files'] | int and file.header.columns | length > 1 -%}
        {{ return([lead_qualification.fault_of_count(file.name, records - counted['files'] | int, read.records)]) }}
    {%- elif read.records == 0 and file.table_name == 'leads' -%}
        {{ return([lead_qualification.fault_of_no_leads(file.name)]) }}
    {%- endif -%}
    {{ return([]) }}
{% endmacro %}


{#- The lines of a CSV with where they are: file, block and place in it. -#}
{% macro spark_lines() %}
    {{ return(
        '(select value, input_file_name() as file, input_file_block_start() as block, '
        ~ 'monotonically_increasing_id() as place from raw_file_lines) as located') }}
{% endmacro %}


{#- The first line that meets a condition: its number in its file, its bytes, and whether it is a certain text. -#}
{% macro spark_line_where(condition, text='') %}
    {{ return(run_query(
        'select number, hex(value) as bytes, value = ' ~ lead_qualification.text_literal(text) ~ ' as is_same from (select value, row_number() over (partition by file order by block, place) as number '
        ~ 'from ' ~ lead_qualification.spark_lines() ~ ') where '
        ~ condition ~ ' order by number limit 1').rows[0]) }}
{% endmacro %}


{#- The condition that a line is not UTF-8, or has a zero byte. -#}
{% macro spark_is_not_text() %}
    {{ return('(not is_valid_utf8(value) or instr(value, char(0)) > 0)') }}
{% endmacro %}


{% macro spark_fault_of_line(file) %}
    {%- set found = lead_qualification.spark_line_where(
        lead_qualification.spark_is_not_text() if '\x00' not in file.header.text else 'number = 1') -%}
    {{ return(lead_qualification.fault_of_bytes(
        file.table_name, file.name, found['number'], found['bytes'][:8] if found['number'] == 1 else '', found['bytes'][:2000])) }}
{% endmacro %}


{#- What Spark makes of a CSV: rows, and rows that have not as many cells as the header. -#}
{% macro spark_counted_records(file) %}
    {%- do run_query('create or replace temporary view raw_file_rows ('
        ~ lead_qualification.spark_columns(file) ~ ', raw_file_row string) using csv options ('
        ~ lead_qualification.spark_dialect(file) ~ ', path ' ~ lead_qualification.spark_path(file.path)
        ~ ", recursiveFileLookup 'true', columnNameOfCorruptRecord 'raw_file_row')") -%}
    {%- set names = [] -%}
    {%- for name in file.header.columns -%}
        {%- do names.append(lead_qualification.spark_name(name or 'column_' ~ loop.index)) -%}
    {%- endfor -%}
    {#- Every column is named, because Spark looks for no fault in those that nothing reads. -#}
    {%- set counted = run_query(
        'select count(*) as records, count(raw_file_row) as refused, max(hash(' ~ names | join(', ')
        ~ ')) as every_column from raw_file_rows').rows[0] -%}
    {%- do run_query('drop view raw_file_rows') -%}
    {{ return({'records': counted['records'] | int, 'refused': counted['refused'] | int}) }}
{% endmacro %}


{% macro spark_dialect(file) %}
    {{ return("header 'true', multiLine 'true', quote '\"', escape '\"', sep " ~ lead_qualification.text_literal(file.header.delimiter)) }}
{% endmacro %}

{% macro spark_columns(file) %}
    {%- set columns = [] -%}
    {%- for name in file.header.columns -%}
        {%- do columns.append(lead_qualification.spark_name(name or 'column_' ~ loop.index) ~ ' string') -%}
    {%- endfor -%}
    {{ return(columns | join(', ')) }}
{% endmacro %}

{% macro spark_name(name) %}
    {{ return('`' ~ name | replace('`', '``') ~ '`') }}
{% endmacro %}


{% macro spark__register_raw_file(table_name, file) %}
    {%- set table = lead_qualification.raw_file_schema() ~ '.' ~ table_name -%}
    {%- do run_query('drop table if exists ' ~ table) -%}
    {%- if file and file.format == 'parquet' -%}
        {%- do run_query('create table ' ~ table ~ ' using parquet location ' ~ lead_qualification.spark_path(file.path)) -%}
    {%- elif file -%}
        {%- do run_query('create table ' ~ table ~ ' (' ~ lead_qualification.spark_columns(file) ~ ') using csv options ('
            ~ lead_qualification.spark_dialect(file) ~ ') location ' ~ lead_qualification.spark_path(file.path)) -%}
    {%- endif -%}
{% endmacro %}
