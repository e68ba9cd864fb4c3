"""Taking an import back, assessments with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assessment.authoring import next_assessment_version, put_in_force
from assessment.models import Assessment
from assessment.people.assignments import take_usual_terms
from assessment.rules.document import parse_assessment
from content import undoing
from content.models import ImportRun
from content.undoing import Undone


def undo_import(*, run: ImportRun, by: Any, now: datetime) -> list[Undone]:
    """Take an import back, as `content.undoing.undo_import` does.

    An assessment that it made is retired: it was given already, and what was given stays in the log.
    """
    return undoing.undo_import(run=run, by=by, now=now, put_back={Assessment: _put_assessment_back})


def _put_assessment_back(assessment: Assessment, before: Any, now: datetime) -> None:
    """Make the document of an earlier version the current one. Raises DefinitionError."""
    definition = parse_assessment(before.document)
    version = next_assessment_version(assessment, before.document, now)
    version.source = before.source
    put_in_force(assessment, version, definition, now)
    take_usual_terms(assessment=assessment, usual=definition.usual, now=now)
