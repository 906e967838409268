{#- Raw files on DuckDB. -#}

{#- A path as a literal that means this path alone: [ ] * ? would stand for other characters. -#}
{% macro duckdb_path(path) %}
    {{ return(lead_qualification.text_literal(modules.re.sub('([\\[*?])', '[\\1]', path))) }}
{% endmacro %}


{#- Every file in a folder, and one of each folder in it. -#}
{% macro duckdb__raw_files_of(folder) %}
    {%- set listed, folders = [], {} -%}
    {%- set path = lead_qualification.duckdb_path(folder) -%}
    {%- for row in run_query(
        'select filename, size from read_blob(' ~ path ~ " || '/*') order by filename").rows -%}
        {%- do listed.append({
            'name': row['filename'].split('/')[-1], 'path': row['filename'], 'size': row['size'] | int, 'is_folder': false}) -%}
    {%- endfor -%}
    {%- for row in run_query(
        'select distinct ' ~ "regexp_extract(file, '([^/]+)/[^/]+$', 1) as name"
        ~ ' from glob(' ~ path ~ " || '/*/*') order by name").rows -%}
        {%- do listed.append({'name': row['name'], 'path': folder ~ '/' ~ row['name'], 'size': none, 'is_folder': true}) -%}
    {%- endfor -%}
    {{ return(listed) }}
{% endmacro %}


{% macro duckdb__checked_raw_file(file) %}
    {%- if file.format == 'parquet' -%}
        {{ return(lead_qualification.duckdb_checked_parquet(file)) }}
    {%- elif file.size == 0 -%}
        {{ return(dict(file, faults=[lead_qualification.fault_of_empty_file(file.name)])) }}
    {%- endif -%}
    {%- set first = run_query(
        'select line from ' ~ lead_qualification.duckdb_each_line(file.path, lead_qualification.duckdb_rejects()) ~ ' limit 2').rows -%}
    {%- set header = lead_qualification.csv_header(
        file.table_name, file.name, first[0]['line'] if first else none) -%}
    {%- set checked = dict(file, header=header, ends_in_two=first | length == 2 and first[1]['line'] is none) -%}
    {%- do checked.update({'faults': lead_qualification.duckdb_faults_of_csv(checked)
        if lead_qualification.whole_files_are_checked() else [header.fault] | select | list}) -%}
    {{ return(checked) }}
{% endmacro %}


{% macro duckdb__register_raw_file(table_name, file) %}
    {%- set view = lead_qualification.raw_file_schema() ~ '.' ~ table_name -%}
    {%- do run_query('drop view if exists ' ~ view) -%}
    {%- if file and file.format == 'parquet' -%}
        {%- do run_query('create view ' ~ view
            ~ ' as select * from read_parquet(' ~ lead_qualification.duckdb_path(file.path) ~ ')') -%}
    {%- elif file -%}
        {%- do run_query('create view ' ~ view ~ ' as select * from ' ~ lead_qualification.duckdb_records(file)) -%}
    {%- endif -%}
{% endmacro %}


{#-
    The rows of a CSV in its declared dialect: nothing is guessed, skipped or padded.
    more: further options of read_csv.
-#}
{% macro duckdb_records(file, more='') %}
    {%- set columns = [] -%}
    {%- for name in file.header.columns -%}
        {%- do columns.append(lead_qualification.text_literal(name or 'column_' ~ loop.index) ~ ": 'varchar'") -%}
    {%- endfor -%}
    {{ return(
        'read_csv(' ~ lead_qualification.duckdb_path(file.path) ~ ', auto_detect = false, header = true, columns = {'
        ~ columns | join(', ') ~ '}, delim = ' ~ lead_qualification.text_literal(file.header.delimiter)
        ~ ", quote = '\"', escape = '\"', comment = '', skip = 0, null_padding = false, strict_mode = true,"
        ~ " compression = 'none'" ~ (', ' ~ more if more else '') ~ ')') }}
{% endmacro %}


{#-
    The lines of a file, whatever is in them, as the column line; an empty one is null. The
    delimiter is one that no text has.
-#}
{% macro duckdb_lines(path, more='') %}
    {{ return(
        'read_csv(' ~ lead_qualification.duckdb_path(path) ~ ", auto_detect = false, header = false, columns = {'line': 'varchar'}, "
        ~ "delim = e'\\x01\\x02\\x03', quote = '', escape = '', strict_mode = false, compression = 'none'"
        ~ (', ' ~ more if more else '') ~ ')') }}
{% endmacro %}


{#-
    What is wrong with a CSV. Its records are counted twice, by lines and quotes and by read_csv:
    both must find the same number.
-#}
{% macro duckdb_faults_of_csv(file) %}
    {%- set lines = lead_qualification.duckdb_counted_lines(file) -%}
    {%- if lines.fault or file.header.fault -%}
        {{ return([lines.fault or file.header.fault]) }}
    {%- endif -%}
    {%- set read = lead_qualification.duckdb_counted_records(file, lines.has_open_lines) -%}
    {%- set second = lead_qualification.duckdb_second_header(file) if lines.headers > 1 else [] -%}
    {%- if second -%}
        {{ return([lead_qualification.fault_of_second_header(file.name, second[0]['number'], second[0]['is_same'])]) }}
    {%- endif -%}
    {%- if read.refused -%}
        {{ return([lead_qualification.fault_of_rows(file.name, read, file.header.columns | length)]) }}
    {%- elif lines.still_open -%}
        {{ return([file.name ~ ', after record ' ~ lines.records
            ~ ': a quote is opened and never closed. Write a quote within a value twice ("").']) }}
    {%- elif read.records != lines.records and file.header.columns | length > 1 -%}
        {{ return([lead_qualification.fault_of_count(file.name, lines.records, read.records)]) }}
    {%- elif read.records == 0 and file.table_name == 'leads' -%}
        {{ return([lead_qualification.fault_of_no_leads(file.name)]) }}
    {%- endif -%}
    {{ return([]) }}
{% endmacro %}


{#-
    The records of a CSV by its lines: a record ends where a line ends and no quote is open.
    Where every line has its quotes in pairs and ends as the first does, that is each line;
    otherwise the lines are gone through in their order.
-#}
{% macro duckdb_counted_lines(file) %}
    {%- do lead_qualification.duckdb_forget_rejects() -%}
    {%- set counted = run_query(
        'select count(*) as line_ends, count(line) as lines, coalesce(sum(strlen(line)), 0) as bytes, '
        ~ "count(case when contains(line, '\"') and (" ~ lead_qualification.duckdb_quotes() ~ ') % 2 = 1 then 1 end) as open_lines, '
        ~ 'count(case when ' ~ lead_qualification.duckdb_is_header(file) ~ ' then 1 end) as headers, '
        ~ 'count(case when contains(line, chr(0)) then 1 end) as zero_bytes from ' ~ lead_qualification.duckdb_lines(
            file.path, "new_line = '\\n', comment = '', " ~ lead_qualification.duckdb_rejects())).rows[0] -%}
    {%- set refused = run_query(
        "select count(*) as found, min(line) as first_line, min(byte_position) as first_byte, "
        ~ "min(case when error_type <> 'INVALID ENCODING' then line end) as other_line from raw_file_rejects").rows[0] -%}
    {%- if refused['found'] > 0 or '\x00' in file.header.text -%}
        {{ return({'fault': lead_qualification.duckdb_fault_of_line(file, refused)}) }}
    {%- elif counted['zero_bytes'] > 0 -%}
        {{ return({'fault': lead_qualification.duckdb_fault_of_zero_bytes(file)}) }}
    {%- elif counted['open_lines'] > 0 -%}
        {{ return(dict(lead_qualification.duckdb_records_in_order(file), headers=counted['headers'] | int, has_open_lines=true)) }}
    {%- elif lead_qualification.duckdb_lines_end_alike(file, counted) -%}
        {{ return({'records': counted['lines'] | int - 1, 'headers': counted['headers'] | int}) }}
    {%- endif -%}
    {{ return({'fault': file.name ~ ': lines end in different ways (Windows and Unix), so this may be two '
        ~ "exports in one file. Make them one: tr -d '\\r' < " ~ file.name ~ ' > converted.csv && mv converted.csv ' ~ file.name}) }}
{% endmacro %}


{#-
    Whether all lines end in the same way. Each CR and each LF ends one, so CR LF leaves an empty
    line behind the other. Where there are more of these, empty lines or other ends are among them.
-#}
{% macro duckdb_lines_end_alike(file, counted) %}
    {%- set line_ends, lines = counted['line_ends'] | int, counted['lines'] | int -%}
    {%- set bytes_of_ends = file.size - counted['bytes'] | int -%}
    {#- The last line may end with the file. A mark of the byte order takes three bytes. -#}
    {%- set is_open_end = line_ends == 2 * lines - 1 and bytes_of_ends in (2 * lines - 2, 2 * lines + 1) -%}
    {%- if line_ends == lines or (file.ends_in_two and (line_ends == 2 * lines or is_open_end)) -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set found = run_query(
        'select count(*) as line_ends, (select count(*) from ' ~ lead_qualification.duckdb_lines(file.path, "new_line = '\\n', comment = e'\\r'")
        ~ ') as without_cr, count(case when number % 2 = 0 and line is not null then 1 end) as even_lines '
        ~ 'from (select line, row_number() over () as number from ' ~ lead_qualification.duckdb_each_line(file.path) ~ ') as numbered').rows[0] -%}
    {{ return(found['without_cr'] == found['line_ends'] or (found['even_lines'] == 0 and line_ends != 2 * lines - 1)) }}
{% endmacro %}


{#- Records, and whether a quote is open at the end, line by line: streaming, but by one thread. -#}
{% macro duckdb_records_in_order(file) %}
    {%- set found = run_query(
        'select count(case when line is not null and open_quotes = 0 then 1 end) as records, max_by(open_quotes, number) as still_open from ('
        ~ 'select line, row_number() over () as number, '
        ~ 'coalesce(sum(' ~ lead_qualification.duckdb_quotes() ~ ') over (rows unbounded preceding), 0) % 2 as open_quotes from '
        ~ lead_qualification.duckdb_each_line(file.path) ~ ') as numbered').rows[0] -%}
    {{ return({'records': found['records'] | int - 1, 'still_open': found['still_open'] == 1}) }}
{% endmacro %}


{#- How many quotes the column line has. -#}
{% macro duckdb_quotes() %}
    {{ return("length(line) - length(replace(line, '\"', ''))") }}
{% endmacro %}


{#- The lines of a file in their order, where each CR and each LF ends one. -#}
{% macro duckdb_each_line(path, more='') %}
    {{ return(lead_qualification.duckdb_lines(
        path, "new_line = '\\n', comment = '', parallel = false" ~ (', ' ~ more if more else ''))) }}
{% endmacro %}


{#- What read_csv refuses goes to a table of its own in place of ending the query. -#}
{% macro duckdb_rejects() %}
    {{ return("store_rejects = true, rejects_table = 'raw_file_rejects', rejects_scan = 'raw_file_scans', rejects_limit = 1000") }}
{% endmacro %}


{#- A line with a zero byte, which is a letter of UTF-8 and of no text: other engines cannot keep it. -#}
{% macro duckdb_fault_of_zero_bytes(file) %}
    {%- set found = run_query(
        'select min(number) as first_line from (select line, row_number() over () as number from '
        ~ lead_qualification.duckdb_each_line(file.path) ~ ') as numbered where contains(line, chr(0))').rows[0]['first_line'] | int -%}
    {{ return(lead_qualification.fault_of_zero_bytes(file.name, (found + 1) // 2 if file.ends_in_two else found)) }}
{% endmacro %}


{#- A line that is not text in UTF-8. Its bytes are looked at if they fit in memory. -#}
{% macro duckdb_fault_of_line(file, refused) %}
    {#- Where CR LF ends a line, the LF was counted as an empty one. -#}
    {%- set found = refused['first_line'] | int or 1 -%}
    {%- set number = (found + 1) // 2 if file.ends_in_two else found -%}
    {%- if refused['other_line'] is not none and refused['other_line'] == refused['first_line'] -%}
        {{ return(file.name ~ ', line ' ~ number ~ ': cannot be read as text. Export the file again as CSV in UTF-8.') }}
    {%- endif -%}
    {%- set fits = 1073741824 -%}
    {%- set place = refused['first_byte'] or 1 -%}
    {%- set bytes = run_query(
        'select hex(content[1:4]) as first_bytes, hex(content[' ~ place ~ ':' ~ place ~ ' + 1000]) as line_bytes from read_blob('
        ~ lead_qualification.duckdb_path(file.path) ~ ')').rows[0] if file.size < fits else {'first_bytes': '', 'line_bytes': ''} -%}
    {{ return(lead_qualification.fault_of_bytes(
        file.table_name, file.name, number, bytes['first_bytes'], bytes['line_bytes'])) }}
{% endmacro %}


{#-
    What read_csv makes of a CSV: rows, and rows that it refuses.
    has_open_lines: whether line breaks are within quotes; read_csv then counts rows, not lines.
-#}
{% macro duckdb_counted_records(file, has_open_lines) %}
    {%- do lead_qualification.duckdb_forget_rejects() -%}
    {%- set counted = run_query(
        'select count(*) as records from ' ~ lead_qualification.duckdb_records(file, lead_qualification.duckdb_rejects())).rows[0] -%}
    {%- set refused = run_query(
        'select count(distinct line) as found, min(line) as first_line, cast(min_by(error_type, line) as varchar) as first_problem, '
        ~ 'min(line_byte_position) as first_byte from raw_file_rejects').rows[0] -%}
    {%- do lead_qualification.duckdb_forget_rejects() -%}
    {%- set line = refused['first_line'] -%}
    {%- if line and has_open_lines and file.size < 1073741824 -%}
        {#- A line after CR LF is said to begin at the LF. -#}
        {%- set before = 'decode(content[1:' ~ refused['first_byte'] ~ ' - 1])' -%}
        {%- set line = run_query(
            'select 1 + strlen(' ~ before ~ ') - strlen(replace(' ~ before ~ ", chr(10), '')) "
            ~ "+ case when hex(content[" ~ refused['first_byte'] ~ ':' ~ refused['first_byte'] ~ "]) = '0A' then 1 else 0 end as line from read_blob("
            ~ lead_qualification.duckdb_path(file.path) ~ ')').rows[0]['line'] -%}
    {%- endif -%}
    {{ return({
        'records': counted['records'] | int, 'refused': refused['found'] | int, 'first_line': line,
        'first_problem': refused['first_problem']}) }}
{% endmacro %}


{#- Whether the first two cells of the column line are names of columns. -#}
{% macro duckdb_is_header(file) %}
    {{ return('regexp_matches(line, ' ~ lead_qualification.text_literal(lead_qualification.header_pattern(file)) ~ ')') }}
{% endmacro %}


{#- The first header after line 1: its line, and whether it is the first one again. -#}
{% macro duckdb_second_header(file) %}
    {{ return(run_query(
        'select number, line = ' ~ lead_qualification.text_literal(file.header.text) ~ ' as is_same from ('
        ~ 'select line, row_number() over () as number from ' ~ lead_qualification.duckdb_lines(file.path, 'parallel = false')
        ~ ') as numbered where number > 1 and ' ~ lead_qualification.duckdb_is_header(file) ~ ' order by number limit 1').rows) }}
{% endmacro %}


{% macro duckdb_forget_rejects() %}
    {%- do run_query('drop table if exists raw_file_rejects') -%}
    {%- do run_query('drop table if exists raw_file_scans') -%}
{% endmacro %}


{#-
    Whether a Parquet file begins and ends like one. That takes the whole file into memory, so of a
    large one DuckDB reads the end alone: it stops, and names the file, where that is of no Parquet.
-#}
{% macro duckdb_checked_parquet(file) %}
    {%- set looked_at_whole = 67108864 -%}
    {%- set is_parquet = false -%}
    {%- if file.size > looked_at_whole -%}
        {%- set is_parquet = run_query(
            'select num_rows >= 0 as is_parquet from parquet_file_metadata(' ~ lead_qualification.duckdb_path(file.path) ~ ')').rows[0]['is_parquet'] -%}
    {%- elif file.size > 11 -%}
        {%- set is_parquet = run_query(
            "select content[1:4] = 'PAR1'::blob and content[-4:] = 'PAR1'::blob as is_parquet from read_blob("
            ~ lead_qualification.duckdb_path(file.path) ~ ')').rows[0]['is_parquet'] -%}
    {%- endif -%}
    {%- if not is_parquet -%}
        {{ return(dict(file, faults=[lead_qualification.fault_of_parquet(file)])) }}
    {%- elif file.table_name == 'leads' and lead_qualification.whole_files_are_checked() -%}
        {%- if run_query('select count(*) as found from read_parquet('
            ~ lead_qualification.duckdb_path(file.path) ~ ')').rows[0]['found'] == 0 -%}
            {{ return(dict(file, faults=[lead_qualification.fault_of_no_leads(file.name)])) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(dict(file, faults=[])) }}
{% endmacro %}
