"""What all failures of a run have in common."""


class CannotMeasure(Exception):
    """A run says nothing, or could not begin; the message tells a developer why."""
