"""The source of the unbounded graph: one element, the watch, polled for ever and never split.

Four pollers would ask the same hosts (an engine halves what can be halved), so the tracker refuses each split but the one that puts off
the rest. Watermarks are set by hand: nothing comes before the next look, so windows close as soon as it is known to be in another one.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import apache_beam as beam
from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Duration, Timestamp

from pipeline.stream.ahead import NOTHING, Ahead
from pipeline.stream.desk import desk
from pipeline.stream.stream_elements import Shown, Told

Polled = tuple[str, Shown] | Told

_TICK: Final = 1.0  # seconds at most until a stop is seen; a tick takes 10 ms of processor time (measured)


@dataclass(frozen=True, slots=True)
class Course:
    """How far a watch has come: the restriction that the engine keeps from one tick to the next."""

    part: int = 0  # the number of the next one
    ahead: Ahead = NOTHING
    at: float = 0.0  # seconds; event time has come this far, which is the clock's unless that was set back
    ended: bool = False


class CourseTracker(RestrictionTracker):
    """Claims where a watch goes on. All that is left can be put off, and nothing can be split off."""

    def __init__(self, course: Course) -> None:
        self._course, self._next = course, course

    def current_restriction(self) -> Course:
        """The course as it was begun."""
        return self._course

    def try_claim(self, position: Course) -> bool:
        """Go on from there; false where the rest was put off or there is none."""
        if self._course.ended:
            return False
        self._next = position
        return True

    def try_split(self, fraction_of_remainder: float) -> tuple[Course, Course] | None:
        """Put off all that is left, where the fraction is 0."""
        if fraction_of_remainder != 0 or self._course.ended or self._next.ended:
            return None
        self._course = replace(self._course, ended=True)
        return self._course, self._next

    def check_done(self) -> None:
        """Raise ValueError where neither the end was claimed nor the rest put off."""
        if not (self._course.ended or self._next.ended):
            raise ValueError("the watch was left without an end")

    def current_progress(self) -> RestrictionProgress:
        """There is none."""
        return RestrictionProgress(fraction=0.0)

    def is_bounded(self) -> bool:
        """It has no end of itself."""
        return False


class _Courses(RestrictionProvider):
    def initial_restriction(self, element: str) -> Course:
        return Course()

    def create_tracker(self, restriction: Course) -> CourseTracker:
        return CourseTracker(restriction)

    def restriction_size(self, element: str, restriction: Course) -> int:
        return 1

    def split(self, element: str, restriction: Course) -> Iterable[Course]:
        yield restriction

    def truncate(self, element: str, restriction: Course) -> None:
        return None


_TRACKER: Final = beam.DoFn.RestrictionParam(_Courses())
_WATERMARK: Final = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider())


class Poll(beam.DoFn):
    """The name of a watch -> what its looks show, and what they tell."""

    def __init__(self, window: float) -> None:
        """`window` is the length of the graph's windows, in seconds."""
        self._window = window

    @beam.DoFn.unbounded_per_element()  # type: ignore[untyped-decorator]
    def process(self, watch: str, tracker: Any = _TRACKER, watermark: Any = _WATERMARK) -> Iterable[Any]:
        """Send one part on, if there is one, and put off the rest; or end."""
        course: Course = tracker.current_restriction()
        here = desk(watch)
        if here.stop.is_set():
            tracker.try_claim(replace(course, ended=True))
            watermark.set_watermark(MAX_TIMESTAMP)
            return
        at = max(course.at, time.time())
        # Claimed before anything is done: where the rest was put off meanwhile, another call goes on with it.
        if not tracker.try_claim(replace(course, at=at)):
            return
        wait = here.wait()
        part = here.part(course.part, course.ahead) if wait == 0 else None
        if part:
            for shown in part.shown:
                yield TimestampedValue(shown, at)
            yield TimestampedValue(part.told, at)
            course = Course(course.part + 1, here.beyond(course.ahead.plus(part.told.ahead)))
            wait = here.wait()
            # What a look has found beyond one part is worked on apart, however much it is; else what comes till the window's end goes along.
            at = at - at % self._window + self._window if here.under_way else at + (wait or 0.0)
        watermark.set_watermark(Timestamp(at))
        tracker.try_claim(replace(course, at=at))
        tracker.defer_remainder(_pause(wait))


def _pause(wait: float | None) -> Duration:
    """How long the rest is put off: not longer than a stop may take to be seen."""
    return Duration(_TICK if wait is None else min(wait, _TICK))
