"""What can be wrong with data, as a code with values; `ui` finds the words."""


class DataProblem(Exception):
    """Data that cannot be used. `code` names the reason, `values` fill in its message."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value}" for key, value in self.values.items())
        return f"{self.code}: {details}"

    def __reduce__(self):
        return _restored, (self.code, self.values)


def _restored(code: str, values: dict[str, object]) -> DataProblem:
    return DataProblem(code, **values)
