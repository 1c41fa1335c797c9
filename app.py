"""Neural Networks You Can See: start with `streamlit run app.py`.

Worker processes import this file too, so that its top level needs nothing but the standard library.
"""


def main() -> None:
    """Draw the page that the learner has opened."""
    from ann_core.ui.page import frame

    frame.run()


if __name__ == "__main__":
    main()
