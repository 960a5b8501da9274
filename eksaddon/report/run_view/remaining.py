"""Formats progress, rate and remaining time."""

from eksaddon.report.model.text import joined

MINUTE, HOUR = 60, 3600


def progress_text(done: int, total: int, seconds: float, *, is_exact: bool = True) -> str:
    """For example `12 of 268 clusters read · 2/min · 2 h 8 min left`.

    Args:
        is_exact: False for a total that is estimated, and may be less than `done`.
    """
    about = "" if is_exact else "about "
    left = left_text(done, total, seconds)
    return joined(
        (
            f"{done:,} of {about}{max(done, total):,} clusters read",
            rate_text(done, seconds),
            f"{about}{left}" if left else "",
        )
    )


def rate_text(done: int, seconds: float) -> str:
    """Rate per second, or per minute if below one; empty before the first is done."""
    if not done or seconds <= 0:
        return ""
    rate = done / seconds
    return f"{rate:,.0f}/s" if rate >= 1 else f"{rate * MINUTE:,.0f}/min"


def left_text(done: int, total: int, seconds: float) -> str:
    """Remaining time at the current rate; empty before the first and after the last."""
    if not done or done >= total:
        return ""
    return f"{duration_text(seconds / done * (total - done))} left"


def duration_text(seconds: float) -> str:
    """Format a duration with at most two units: `45 s`, `12 min`, `2 h 5 min`."""
    total_seconds = round(seconds)
    if total_seconds < MINUTE:
        return f"{total_seconds} s"
    if total_seconds < HOUR:
        return f"{total_seconds // MINUTE} min"
    hours, rest = divmod(total_seconds, HOUR)
    return f"{hours:,} h {rest // MINUTE} min"
