{#-
    An address or path as a message may show it: what stands before the last @ may be a user, a key
    or a password, and goes. s3a://KEY:SECRET@bucket/raw becomes s3a://***@bucket/raw.
-#}
{% macro without_credentials(text) %}
    {{- return(modules.re.sub('([A-Za-z][A-Za-z0-9+.-]*://)\\S*@', '\\g<1>***@', text | string)) -}}
{% endmacro %}
