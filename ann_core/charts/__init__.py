"""Ready Vega-Lite specifications and the rows they show; no Keras, no Streamlit."""
