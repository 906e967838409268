{{ connected_rows('intent_signals') }}
