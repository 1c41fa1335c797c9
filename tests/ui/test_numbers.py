"""Numbers as they are written: what is read is what was meant, in Python; the browser does it in the same way."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ann_core.ui.language import digits

LOW = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-", ",")
WRITTEN = re.compile(r"−?\d[\d,]*(\.\d+)?(×10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def read(text):
    size, _, power = text.translate(LOW).partition("×10")
    return float(f"{size}e{power or 0}")


@given(FINITE, st.integers(1, 6))
def test_a_number_is_read_as_it_was_meant(value, count):
    written = digits(value, count)
    assert WRITTEN.fullmatch(written), written
    assert read(written) == float(f"{value:.{count}g}")


def test_what_is_no_number_is_told():
    assert [digits(float(name)) for name in ("inf", "-inf", "nan")] == ["∞", "−∞", "nan"]
