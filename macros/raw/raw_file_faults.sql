{#-
    What is wrong with a raw file, in words: file, line, what, how many, and one thing to do. None
    of them repeats what is in the file, which is somebody's data.
-#}

{% macro fault_of_empty_file(file_name) %}
    {{ return(file_name ~ ': an empty file; its first line must be the header. '
        ~ 'Export it again, or delete it if there is nothing to load.') }}
{% endmacro %}

{% macro fault_of_no_leads(file_name) %}
    {{ return(file_name ~ ', line 1: a header and no leads. Export the leads, then build again.') }}
{% endmacro %}

{% macro fault_of_parquet(file) %}
    {{ return(file.name ~ ': not a whole Parquet file (' ~ file.size
        ~ ' bytes). Export it again, or delete it if there is nothing to load.') }}
{% endmacro %}

{#- is_same: whether it has the columns of the first. -#}
{% macro fault_of_second_header(file_name, line_number, is_same) %}
    {{ return(file_name ~ ', line ' ~ line_number ~ ': a second header, so this is two exports in one file. '
        ~ ('Delete the line; both have the same columns.' if is_same else 'Their columns differ: export all rows as one file.')) }}
{% endmacro %}

{#- expected: by lines and quotes. -#}
{% macro fault_of_count(file_name, expected, found) %}
    {{ return(file_name ~ ': ' ~ expected ~ ' records by lines and quotes, ' ~ found
        ~ ' as read. Export it again with quotes around every text.') }}
{% endmacro %}


{#- Rows that read_csv of DuckDB refuses. -#}
{% macro fault_of_rows(file_name, read, columns) %}
    {%- set where = file_name ~ ', line ' ~ read.first_line ~ ': ' -%}
    {%- set more = ' (' ~ read.refused ~ ' such rows)' if read.refused > 1 else '' -%}
    {%- if read.first_problem in ('MISSING COLUMNS', 'TOO MANY COLUMNS') -%}
        {{ return(where ~ 'a row with ' ~ ('fewer' if read.first_problem == 'MISSING COLUMNS' else 'more')
            ~ ' cells than the header, which has ' ~ columns ~ more
            ~ '. Export it again with quotes around every text, or correct the row.') }}
    {%- elif read.first_problem == 'LINE SIZE OVER MAXIMUM' -%}
        {{ return(where ~ 'a row of more than 2 MB' ~ more ~ '. Look there for a quote that is never closed.') }}
    {%- endif -%}
    {{ return(lead_qualification.fault_of_quotes(file_name, read.first_line, read.refused)) }}
{% endmacro %}

{% macro fault_of_quotes(file_name, line_number, rows) %}
    {{ return(file_name ~ ', line ' ~ line_number ~ ': a quote that is not closed, or text after a closing quote'
        ~ (' (' ~ rows ~ ' such rows)' if rows > 1 else '') ~ '. Write a quote within a value twice ("").') }}
{% endmacro %}


{#-
    What a file is that is not text in UTF-8.
    first_bytes, line_bytes: the first bytes of the file, and of the line that is not, in
    hexadecimal; empty if unknown.
-#}
{% macro fault_of_bytes(table_name, file_name, line_number, first_bytes, line_bytes) %}
    {%- set first = first_bytes | upper -%}
    {%- set line = (modules.re.findall('..', line_bytes | upper) | join(' ')).split('0A')[0].split() -%}
    {%- if first.startswith('1F8B') -%}
        {{ return(file_name ~ ': compressed with gzip. Decompress it: mv ' ~ file_name ~ ' ' ~ table_name
            ~ '.csv.gz && gunzip ' ~ table_name ~ '.csv.gz') }}
    {%- elif first.startswith('504B0304') -%}
        {{ return(lead_qualification.fault_of_format(table_name, file_name, 'PK\x03\x04')) }}
    {%- elif first.startswith('50415231') -%}
        {{ return(lead_qualification.fault_of_format(table_name, file_name, 'PAR1')) }}
    {%- elif first in ('FFFE0000', '0000FEFF') -%}
        {{ return(lead_qualification.fault_of_encoding(file_name, line_number, 'UTF-32')) }}
    {%- elif first.startswith('FFFE') or first.startswith('FEFF') -%}
        {{ return(lead_qualification.fault_of_encoding(file_name, line_number, 'UTF-16')) }}
    {%- elif first[2:4] == '00' and first[6:8] == '00' -%}
        {{ return(lead_qualification.fault_of_encoding(file_name, line_number, 'UTF-16LE')) }}
    {%- elif first[:2] == '00' and first[4:6] == '00' -%}
        {{ return(lead_qualification.fault_of_encoding(file_name, line_number, 'UTF-16BE')) }}
    {%- elif '00' in modules.re.findall('..', first) + line -%}
        {{ return(lead_qualification.fault_of_zero_bytes(file_name, line_number)) }}
    {%- endif -%}
    {{ return(lead_qualification.fault_of_encoding(
        file_name, line_number, lead_qualification.likely_encoding(line))) }}
{% endmacro %}


{% macro fault_of_zero_bytes(file_name, line_number) %}
    {{ return(file_name ~ ', line ' ~ line_number ~ ': not text, it has zero bytes. Export it again as CSV in UTF-8.') }}
{% endmacro %}


{#- What the first line says that is not one of a CSV; none if it may be. -#}
{% macro fault_of_format(table_name, file_name, text) %}
    {%- if text.startswith('PK\x03\x04') -%}
        {{ return(file_name ~ ': a ZIP archive or an Excel workbook. Save it as CSV in UTF-8.') }}
    {%- elif text.startswith('PAR1') -%}
        {{ return(file_name ~ ': a Parquet file. Rename it to ' ~ table_name ~ '.parquet.') }}
    {%- elif text == '' -%}
        {{ return(file_name ~ ', line 1: empty. Delete the lines above the header.') }}
    {%- elif modules.re.match('sep=.$', text | trim) -%}
        {{ return(file_name ~ ', line 1: an instruction to Excel. Delete the line; the header is read from line 1.') }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{#- A file in another encoding than UTF-8, and how to convert it. -#}
{% macro fault_of_encoding(file_name, line_number, encoding) %}
    {{ return(
        file_name ~ ', line ' ~ line_number ~ ': not UTF-8 but ' ~ encoding ~ '. Convert it: iconv -f '
        ~ (encoding if ' ' not in encoding else 'NAME') ~ ' -t UTF-8 ' ~ file_name
        ~ ' > converted.csv && mv converted.csv ' ~ file_name) }}
{% endmacro %}


{#-
    The encoding of a line that is not UTF-8: in Western ones letters with accents stand between
    plain ones, in others three and more bytes above 7F follow each other.
-#}
{% macro likely_encoding(line) %}
    {%- set state = {'run': 0, 'longest': 0} -%}
    {%- for byte in line -%}
        {%- do state.update({'run': state.run + 1 if byte[0] in '89ABCDEF' else 0}) -%}
        {%- do state.update({'longest': [state.longest, state.run] | max}) -%}
    {%- endfor -%}
    {{ return('WINDOWS-1252' if state.longest in (1, 2) else 'another encoding, such as WINDOWS-1251, SHIFT-JIS or GB18030') }}
{% endmacro %}
