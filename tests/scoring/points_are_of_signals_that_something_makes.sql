{{ config(severity='warn') }}

-- Points for a signal that no row of signal_map.csv or derived_signals.csv makes count for nobody.
select distinct
    points.scoring_model,
    points.signal
from {{ policy('signal_points') }} as points
left join {{ policy('signal_map') }} as signal_map on points.signal = signal_map.signal
left join {{ policy('derived_signals') }} as derived on points.signal = derived.signal
where signal_map.signal is null and derived.signal is null
