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
    {%- set pattern = '(?:^|{})(?:[ ]*"((?:[^"]|"")*)"[ ]*(?={}|$)|([^{}]*))' | replace('{}', delimiter) -%}
    {%- for found in modules.re.finditer(pattern, line) -%}
        {%- set cell = found.group(1) if found.group(1) is not none else found.group(2) -%}
        {%- do cells.append(cell | replace('""', '"') | trim | lower) -%}
    {%- endfor -%}
    {{ return(cells) }}
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


{#- A pattern of lines that are a header: the first two cells are names of columns. -#}
{% macro header_pattern(file) %}
    {%- set contract = lead_qualification.raw_contract(file.table_name) -%}
    {%- set names = [] -%}
    {%- for name in (file.header.columns + contract.required + contract.optional) | select | unique -%}
        {%- do names.append(modules.re.escape(name)) -%}
    {%- endfor -%}
    {%- set cell = '[" ]*(' ~ names | join('|') ~ ')[" ]*' -%}
    {%- set delimiter = file.header.delimiter -%}
    {%- set pattern = '(?i)^' ~ cell ~ (delimiter ~ cell ~ '(' ~ delimiter ~ '|$)' if file.header.columns | length > 1 else '$') -%}
    {{ return(pattern) }}
{% endmacro %}
