"""The dashboard: a Streamlit application on the public tables."""
