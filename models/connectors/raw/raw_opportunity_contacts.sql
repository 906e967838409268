{{ connected_rows('opportunity_contacts') }}
