{#-
    The first line of a CSV: delimiter and columns, and what is wrong with it.
    text: the line; none if it is empty. Gives text, delimiter, columns (names, in order) and
    fault (none if all is well).
-#}
{% macro csv_header(table_name, file_name, text) %}
    {%- set text = (text or '').lstrip('\ufeff') -%}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    {%- set best = {'text': text, 'delimiter': ',', 'columns': [], 'known': -1} -%}
    {%- for delimiter in [',', ';', '\t'] -%}
        {%- set columns = lead_qualification.csv_cells(text, delimiter) -%}
        {%- set known = columns | select('in', contract.required + contract.optional) | list | length -%}
        {%- if known > best.known -%}
            {%- do best.update({'delimiter': delimiter, 'columns': columns, 'known': known}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do best.update({'fault': lead_qualification.fault_of_header(table_name, file_name, best)}) -%}
    {{ return(best) }}
{% endmacro %}


{#- The cells of a line as column names: without quotes and white space, in lower case. -#}
{% macro csv_cells(line, delimiter) %}
    {%- set cells = [] -%}
    {%- set pattern = '(?:^|D)(?:[ ]*"((?:[^"]|"")*)"[ ]*(?=D|$)|([^D]*))' | replace('D', delimiter) -%}
    {%- for found in modules.re.finditer(pattern, line) -%}
        {%- set cell = found.group(1) if found.group(1) is not none else found.group(2) -%}
        {%- do cells.append(cell | replace('""', '"') | trim | lower) -%}
    {%- endfor -%}
    {{ return(cells) }}
{% endmacro %}


{#-
    What a file is that is not text in UTF-8.
    first_bytes, line_bytes: the first bytes of the file, and of the line that is not, in
    hexadecimal; empty if unknown.
-#}
{% macro fault_of_bytes(table_name, file_name, line_number, first_bytes, line_bytes) %}
    {%- set first = first_bytes | upper -%}
    {%- if first.startswith('1F8B') -%}
        {{ return(file_name ~ ': compressed with gzip. Decompress it: mv ' ~ file_name ~ ' ' ~ table_name
            ~ '.csv.gz && gunzip ' ~ table_name ~ '.csv.gz') }}
    {%- elif first.startswith('504B0304') -%}
        {{ return(lead_qualification.fault_of_format(table_name, file_name, 'PK\x03\x04')) }}
    {%- elif first.startswith('50415231') -%}
        {{ return(lead_qualification.fault_of_format(table_name, file_name, 'PAR1')) }}
    {%- elif first.startswith('FFFE') or first.startswith('FEFF') -%}
        {{ return(lead_qualification.fault_of_encoding(file_name, line_number, 'UTF-16')) }}
    {%- elif first[2:4] == '00' -%}
        {{ return(lead_qualification.fault_of_encoding(file_name, line_number, 'UTF-16LE')) }}
    {%- elif first[:2] == '00' -%}
        {{ return(lead_qualification.fault_of_encoding(file_name, line_number, 'UTF-16BE')) }}
    {%- endif -%}
    {{ return(lead_qualification.fault_of_encoding(
        file_name, line_number, lead_qualification.likely_encoding(line_bytes))) }}
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
{% macro likely_encoding(line_bytes) %}
    {%- set state = {'run': 0, 'longest': 0} -%}
    {%- for byte in modules.re.findall('..', line_bytes | upper) -%}
        {%- do state.update({'run': state.run + 1 if byte[0] in '89ABCDEF' else 0}) -%}
        {%- do state.update({'longest': [state.longest, state.run] | max}) -%}
    {%- endfor -%}
    {{ return('WINDOWS-1252' if state.longest in (1, 2) else 'another encoding, such as WINDOWS-1251, SHIFT-JIS or GB18030') }}
{% endmacro %}


{#-
    What is wrong with a header; none if nothing is. Its words are not repeated: where the header
    is missing they are a person's.
-#}
{% macro fault_of_header(table_name, file_name, header) %}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    {%- set where = file_name ~ ', line 1: ' -%}
    {%- set named = header.columns | select | list -%}
    {%- set fault = lead_qualification.fault_of_format(table_name, file_name, header.text) -%}
    {%- if fault -%}
        {{ return(fault) }}
    {%- elif header.known == 0 -%}
        {{ return(where ~ 'not a header: none of its cells is a column of ' ~ table_name
            ~ '. Make the first line the column names (' ~ contract.required | join(', ') ~ ', ...).') }}
    {%- elif header.text.count('"') % 2 == 1 -%}
        {{ return(where ~ 'a column name with a line break or a lone quote. Write each name on one line.') }}
    {%- elif named | unique | list | length < named | length -%}
        {%- set twice = [] -%}
        {%- for name in named if named.count(name) > 1 and name not in twice -%}
            {%- do twice.append(name) -%}
        {%- endfor -%}
        {%- set ours = twice | select('in', contract.required + contract.optional) | list -%}
        {{ return(where ~ 'the header has a column twice' ~ (': ' ~ ours | join(', ') if ours else '')
            ~ '. Keep one of each name.') }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
