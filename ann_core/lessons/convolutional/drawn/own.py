"""The learner's own picture and drawing, kept for all sections of the page."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from ann_core.data.pictures import MOST_BYTES, read_picture
from ann_core.data.problem import DataProblem
from ann_core.ui import session
from ann_core.ui.language import tr

ENDINGS = ("png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp")
UPLOAD_KEY = "convolution_file"


@dataclass
class Own:
    """A picture that was uploaded, uint8 (rows, columns, 3), or why it could not be used; a drawing as a digit, (28, 28) of 0 … 1."""

    picture: np.ndarray | None = None
    problem: DataProblem | None = None
    digit: np.ndarray | None = None


def own() -> Own:
    return session.kept("_own_images", Own)


def upload() -> None:
    """The way in for a picture, and what is wrong with it."""
    megabytes = MOST_BYTES // 1_000_000
    st.file_uploader(tr("picture.upload", most=megabytes), ENDINGS, key=UPLOAD_KEY, on_change=_read, max_upload_size=megabytes)
    if problem := own().problem:
        st.error(tr(f"data.problem.{problem.code}", **problem.values), icon=":material/broken_image:")


def _read() -> None:
    file, kept = session.value(UPLOAD_KEY), own()
    kept.picture, kept.problem = None, None
    if file is not None:
        try:
            kept.picture = read_picture(file.getvalue())
        except DataProblem as problem:
            kept.problem = problem
