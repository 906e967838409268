"""Predicts which leads become opportunities, beside the score of the rules; ``leadq predict``.

It reads what was known of each lead at its evaluation point (evaluation_points,
prediction_features), trains on the older points, measures on the newest, and writes what the
public views predictions and prediction_quality show.
"""
