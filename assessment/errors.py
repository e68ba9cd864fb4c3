"""What can go wrong in a sitting. Each door translates these for its own callers."""

from __future__ import annotations

from datetime import timedelta


class DeliveryError(Exception):
    """Something that the rules of an assessment do not allow; the text may be shown to the learner."""

    default = "This is not possible here."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.default)


class AssessmentClosed(DeliveryError):
    default = "This assessment is not open."


class EnrolmentRequired(DeliveryError):
    default = "Only members of the course may take this assessment."


class NoAttemptsLeft(DeliveryError):
    default = "All attempts at this assessment have been used."


class BankExhausted(DeliveryError):
    default = "The item bank has too few items for this assessment. Please tell your instructor."


class AttemptClosed(DeliveryError):
    default = "This attempt has been submitted: it takes no more answers."


class AttemptExpired(AttemptClosed):
    default = "Time is up: this attempt takes no more answers. Everything you had saved has been counted."


class UnknownPosition(DeliveryError):
    default = "There is nothing at this position of the attempt."


class PresentationSettled(DeliveryError):
    default = "This item has been answered: there are no tries left."


class DraftStale(DeliveryError):
    default = "An answer to this item was sent after this was typed: it is not kept."


class StillGrading(DeliveryError):
    """``wait`` is how long the end of the attempt before takes at most."""

    default = "Your last attempt is being graded. Try again in a moment."

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__()


class ActionRefused(DeliveryError):
    default = "This attempt does not allow that."


class GradeRefused(DeliveryError):
    default = "This grade cannot be given."


class ErasureRefused(DeliveryError):
    default = "This account cannot be erased."


class CorrectionRefused(DeliveryError):
    default = "This correction cannot be applied."


class RequestRefused(DeliveryError):
    default = "You cannot ask for another look at this answer."


class Contended(DeliveryError):
    default = "Too many answers to this came at the same moment. Please send yours again."


class NotGraded(DeliveryError):
    """The grader raised: a fault of ours. ``cause`` names the class of what it raised, and nothing of its text."""

    default = (
        "Your answer is saved, but it cannot be graded now: something is wrong on our side. "
        "You need not send it again; your instructor can see it."
    )

    def __init__(self, cause: str) -> None:
        super().__init__()
        self.cause = cause


class NoHintsLeft(DeliveryError):
    default = "There are no more hints for this item."


class SolutionWithheld(DeliveryError):
    default = "This assessment shows solutions only when a question is closed."


class TooManyInvalid(DeliveryError):
    """``wait`` is how long no further answer is read."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(
            "Many answers to this item could not be read. Wait a minute before the next one; "
            "what you have typed is kept."
        )


class NotForPractice(DeliveryError):
    default = "There is no exercise here that can be practiced now."


class KeyReused(DeliveryError):
    default = "This Idempotency-Key has already been used for another answer."


class UnknownJoinCode(DeliveryError):
    default = "No course has this code. Look whether it is whole, or ask your teacher for it again."


class SignUpFirst(DeliveryError):
    default = "Sign up or sign in first: a course is joined by somebody with a name."


class EnrolmentOver(DeliveryError):
    default = "Your enrollment in this course has ended. Ask your teacher to let you in again."


class LastInstructor(DeliveryError):
    default = "A course keeps at least one instructor. Name another one first."


class RosterChanged(DeliveryError):
    default = "Somebody has changed the course or an account meanwhile, and nothing was done. Look at the list again."
