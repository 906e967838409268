-- Whether sales answered in time by the facts alone.
{{ answers_in_time(ref('lead_qualification', 'int_handoff_policies'), ref('lead_qualification', 'int_handoff_due_times')) }}
