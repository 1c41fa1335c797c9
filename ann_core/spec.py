"""What the specs of all experiments have in common: presets, comparison, addresses, bounds."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

SIGNIFICANT_DIGITS = 6
EMPTY_TUPLE = "none"


def _rounded(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


Rounded = Annotated[float, AfterValidator(_rounded), Field(allow_inf_nan=False)]


class Unreadable(NamedTuple):
    """A part of an address that could not be used."""

    key: str
    token: str


class Spec(BaseModel):
    """What an experiment is: equal specs train equal networks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    experiment: ClassVar[str]
    measures: ClassVar[tuple[str, str]] = ("loss", "accuracy")
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"default": {}}
    finest: ClassVar[float] = float("inf")

    @property
    def drawn_by(self) -> int:
        """The seed that the data are drawn, or put in order, by."""
        return self.seed

    @classmethod
    def preset(cls, name: str) -> Self:
        """The spec of this preset; `KeyError` where there is none."""
        return cls(**cls.presets[name])

    @classmethod
    def default_of(cls, field: str) -> Any:
        return cls.model_fields[field].default

    @classmethod
    def inapplicable(cls, values: Mapping[str, Any]) -> Iterable[str]:
        """Names of fields that have no effect beside these values."""
        if values.get("optimiser") != "momentum":
            yield "momentum"

    @model_validator(mode="before")
    @classmethod
    def _reset_inapplicable(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        complete = {name: field.default for name, field in cls.model_fields.items()} | dict(values)
        reset = set(cls.inapplicable(complete))
        return {name: value for name, value in values.items() if name not in reset}

    @property
    def metrics(self) -> tuple[str, ...]:
        """The columns of a training's history; `val_` is measured on examples held out, after the epoch."""
        return (*self.measures, *(f"val_{measure}" for measure in self.measures))

    def examples_an_epoch(self, training: int) -> int:
        """How many examples an epoch goes through, where there are so many to train on."""
        return training

    def changed(self, **values: Any) -> Self:
        """This spec with other values, validated anew."""
        return type(self)(**(self.model_dump() | values))

    def in_legs(self) -> tuple[tuple[int, Self], ...]:
        """The legs of its training, in order: the epoch that each goes up to, and the spec that it is trained by.

        A training that ends within a leg has none after it, so that it is the beginning of a longer one.
        """
        legs = []
        for leg in getattr(self, "legs", ()):
            pace = {name: value for name, value in leg.model_dump().items() if name in type(self).model_fields}
            legs.append((min(leg.until, self.epochs), self.changed(legs=(), **pace)))
            if leg.until >= self.epochs:
                return tuple(legs)
        return (*legs, (self.epochs, self.changed(legs=()) if legs else self))

    def differences(self, other: Self) -> tuple[str, ...]:
        """Names of the fields in which two specs differ."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) != getattr(other, name))

    def same_but_for_epochs(self, other: Self) -> bool:
        """Whether a training of one spec may go on from a run of the other."""
        return set(self.differences(other)) <= {"epochs"}

    @classmethod
    def pace(cls) -> set[str]:
        """Names of the fields that may change from leg to leg."""
        return cls.model_fields.keys() & entry_of(cls, "legs").model_fields.keys() if "legs" in cls.model_fields else set()

    def begins_as(self, other: Self, epochs: int) -> bool:
        """Whether after so many epochs a training of this spec has gone as one of the other."""
        if not epochs:
            return set(self.differences(other)) <= {"epochs", "legs"} | self.pace()
        return self.changed(epochs=epochs).in_legs() == other.changed(epochs=epochs).in_legs()

    def may_turn_to(self, wanted: Self) -> bool:
        """Whether a training may go on as another spec wants: where they differ in the pace, and in nothing else but the epochs."""
        changed = set(wanted.differences(self)) - {"epochs", "legs"}
        return bool(changed) and changed <= self.pace() and len(self.legs) < longest(type(self), "legs")

    def then(self, other: Self, until: int) -> Self:
        """The spec of a training that goes as this one does up to an epoch, and as the other afterwards."""
        if not until:
            return other.changed(legs=())
        before = next(leg for last, leg in self.in_legs() if last >= until)
        leg = {"until": until, **{name: getattr(before, name) for name in self.pace()}}
        return other.changed(legs=(*(each for each in self.legs if each.until < until), leg))

    def key(self) -> str:
        """The spec as text: the same for equal specs, in any process."""
        return f"{self.experiment}:{self.model_dump_json()}"

    @classmethod
    def query_key(cls, field: str) -> str:
        return f"{cls.experiment}_{field}"

    def to_query(self) -> dict[str, str]:
        """What differs from the default, as language-neutral tokens for an address."""
        default = type(self)()
        return {self.query_key(name): _token(getattr(self, name)) for name in self.differences(default)}

    @classmethod
    def read_query(cls, query: Mapping[str, str]) -> tuple[Self, tuple[Unreadable, ...]]:
        """The spec in an address, and the parts that fell back to their defaults.

        `<experiment>_preset` names the preset that the other parts change.
        """
        values, unreadable = {}, []
        preset = query.get(cls.query_key("preset"), "default")
        if preset not in cls.presets:
            unreadable.append(Unreadable(cls.query_key("preset"), preset))
        values |= cls.presets.get(preset, {})
        for name in cls.model_fields:
            token = query.get(cls.query_key(name))
            if token is None:
                continue
            try:
                values[name] = cls.read_token(name, token)
            except ValidationError:
                unreadable.append(Unreadable(cls.query_key(name), token))
        return cls(**values), tuple(unreadable)

    @classmethod
    def read_token(cls, field: str, token: str) -> Any:
        """A field's value from its token. Raises `ValidationError` where it is none or out of bounds."""
        return _adapter(cls, field).validate_python(_parsed(cls, field, token))

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """The spec in an address; whatever cannot be read falls back to its default."""
        return cls.read_query(query)[0]


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.{SIGNIFICANT_DIGITS}g}"
    if isinstance(value, tuple):
        return _between(type(value[0])).join(map(_token, value)) if value else EMPTY_TUPLE
    return str(value)


def _between(entry: type) -> str:
    """What stands between the entries of a tuple; a point may be part of a number."""
    return "_" if entry is float else getattr(entry, "between", ".")


def _parsed(cls: type[Spec], field: str, token: str) -> Any:
    if (entry := entry_of(cls, field)) is not None:
        return [] if token == EMPTY_TUPLE else token.split(_between(getattr(entry, "__origin__", entry)))
    return {_token(value): value for value in choices(cls, field)}.get(token, token)


@cache
def _adapter(cls: type[Spec], field: str) -> TypeAdapter:
    info = cls.model_fields[field]
    return TypeAdapter(Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation)


class Bounds(NamedTuple):
    """The least and the greatest value of a number, or of the numbers in a tuple."""

    low: float
    high: float


def bounds(cls: type[BaseModel], field: str) -> Bounds:
    """The bounds written at a field. Raises `TypeError` for a field that has none."""
    info = cls.model_fields[field]
    entry = entry_of(cls, field)
    limits = _limits(info.metadata if entry is None else getattr(entry, "__metadata__", ()))
    if not {"ge", "le"} <= limits.keys():
        raise TypeError(f"{cls.__name__}.{field} should have a lower and an upper bound, but has {limits}")
    return Bounds(limits["ge"], limits["le"])


def longest(cls: type[BaseModel], field: str) -> int:
    """How many entries a tuple may have. Raises `KeyError` where that is not limited."""
    return _limits(cls.model_fields[field].metadata)["max_length"]


def entry_of(cls: type[BaseModel], field: str) -> Any:
    """The type of a tuple's entries; None for a field that is no tuple."""
    annotation = cls.model_fields[field].annotation
    return get_args(annotation)[0] if get_origin(annotation) is tuple else None


def choices(cls: type[BaseModel], field: str) -> tuple[Any, ...]:
    """The values that a field, or an entry of a tuple, may take where they are listed; empty where they are not."""
    listed = entry_of(cls, field) or cls.model_fields[field].annotation
    return get_args(listed) if get_origin(listed) is Literal else ()


def _limits(metadata: Iterable[Any]) -> dict[str, Any]:
    found = {}
    for item in metadata:
        for limit in (item, *getattr(item, "metadata", ())):
            found |= {name: getattr(limit, name) for name in ("ge", "le", "max_length") if hasattr(limit, name)}
    return found
