"""Constraints that say in words, and at a field, what is wrong with a row that would break them.

The database keeps the promise; here stands what somebody reads who enters such a row. Words are no schema: migrations
see the framework's own constraints, and a better sentence needs none.
"""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint, CheckConstraint, UniqueConstraint


class _Worded(BaseConstraint):
    """``field`` is one of those that the constraint is about, ``words`` a sentence."""

    stock: ClassVar[str]

    def __init__(self, *expressions: Any, field: str, words: str, **options: Any) -> None:
        super().__init__(*expressions, violation_error_message=words, **options)
        self.field = field

    def validate(self, *arguments: Any, **options: Any) -> None:
        """Say at the field what is wrong. Where the field is in no form, the framework asks nothing here."""
        try:
            super().validate(*arguments, **options)
        except ValidationError as error:
            raise ValidationError({self.field: self.violation_error_message}) from error

    def deconstruct(self) -> Any:
        _, expressions, options = super().deconstruct()
        return self.stock, expressions, _schema(options)

    def clone(self) -> Self:
        return copy(self)

    def __eq__(self, other: object) -> bool:
        """Two constraints are the same where the database would know no difference."""
        if not isinstance(other, BaseConstraint):
            return NotImplemented
        path, expressions, options = other.deconstruct()
        return bool(self.deconstruct() == (path, expressions, _schema(options)))

    __hash__ = BaseConstraint.__hash__


class Check(_Worded, CheckConstraint):
    stock = "django.db.models.CheckConstraint"


class Unique(_Worded, UniqueConstraint):
    stock = "django.db.models.UniqueConstraint"


def _schema(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in BaseConstraint.non_db_attrs}
