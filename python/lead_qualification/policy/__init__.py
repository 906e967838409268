"""The policy tables as files: what names a row, when it is in force, how a rule is changed."""
