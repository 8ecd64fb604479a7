"""`/quiet-hours`: when somebody does not want to be mentioned, as people write it."""

from datetime import time

import pytest

from bot.commands.quiet_hours import Hours, Wrong, read

EVENING, MORNING = time(19), time(9)


@pytest.mark.parametrize(
    ("args", "hours"),
    [
        ("19:00 to 09:00 Europe/Berlin", Hours("Europe/Berlin", EVENING, MORNING)),
        ("from 19:00 until 9:00 in europe/berlin, please", Hours("Europe/Berlin", EVENING, MORNING)),
        ("19 till 9 Europe/Berlin.", Hours("Europe/Berlin", EVENING, MORNING)),
        ("19:00-09:00 UTC", Hours("UTC", EVENING, MORNING)),
        ("19:00 – 09:00 UTC", Hours("UTC", EVENING, MORNING)),  # noqa: RUF001 (telephones make this dash)
        ("7 pm - 9 AM (America/New York)", Hours("America/New_York", EVENING, MORNING)),
        ("12am to 12pm UTC", Hours("UTC", time(0), time(12))),
        ("22:30 to 6:15 Asia/Kolkata", Hours("Asia/Kolkata", time(22, 30), time(6, 15))),
        ("Europe/Berlin", Hours("Europe/Berlin")),
        ("in `America/Argentina/Buenos_Aires`", Hours("America/Argentina/Buenos_Aires")),
        ("off", Hours()),
        ("Off, thanks!", Hours()),
    ],
)
def test_what_is_asked_for(args: str, hours: Hours) -> None:
    assert read(args) == hours


@pytest.mark.parametrize(
    ("args", "wrong"),
    [
        ("", Wrong.ZONE),
        ("Berlin", Wrong.ZONE),
        ("at night", Wrong.ZONE),
        ("localtime", Wrong.ZONE),
        ("../../etc/passwd", Wrong.ZONE),
        ("19:00 to 09:00", Wrong.ZONE),
        ("19:00 to 09:00 at home", Wrong.ZONE),
        ("19:00 Europe/Berlin", Wrong.TIMES),
        ("19:00 to 25:00 Europe/Berlin", Wrong.TIMES),
        ("19:00 to 9:75 Europe/Berlin", Wrong.TIMES),
        ("13 pm to 9 am Europe/Berlin", Wrong.TIMES),
        ("7 pm to 0 am Europe/Berlin", Wrong.TIMES),
        ("9:00 to 9 am Europe/Berlin", Wrong.TIMES),
    ],
)
def test_what_cannot_be_understood(args: str, wrong: Wrong) -> None:
    assert read(args) is wrong
