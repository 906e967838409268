-- When the answer to a hand-off is due by the facts alone.
{{ due_times_of(ref('lead_qualification', 'int_handoff_policies')) }}
