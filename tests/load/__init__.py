"""Clients of Streamlit's own protocol, to measure what a learner's clicks cost the server."""
