"""Checks the policy files in plain Python, before dbt reads them: what ``leadq policy check`` does.

``reading`` turns files into rows, ``schema`` says what columns are (policy.yml), ``cells`` what a
cell means, ``relations`` whether keys and names fit together; the modules named for subjects look
at what the rules say together.
"""
