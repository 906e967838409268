"""The commands of the lead qualification project, on top of what dbt builds."""
