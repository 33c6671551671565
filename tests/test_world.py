"""The table of the world against the libraries, where they are right; where they are not, what they have wrong is named here.

A library that mends a fault makes its test fail: then the entry of the table can go.
"""

import datetime as dt
import zoneinfo

import pytest
from babel.numbers import get_territory_currencies

from transforms.dates.rules.named_days import calendar_of, named_days
from transforms.words.lexicon import lexicon
from transforms.words.world import as_of, business_year, currency_on, offset_on, zone_countries

REPLACED = lexicon("world")["money"]["replaced"]
ENDED = lexicon("world")["money"]["ended"]
ZONES = lexicon("world")["zones"]

# CLDR 48 in babel 2.18 does not know that Bulgaria pays in euros since 1 January 2026, and lets Zimbabwe pay in US dollars first.
CLDR_LAGS = {"BG", "ZW"}


@pytest.mark.parametrize("entry", [*REPLACED, *ENDED], ids=lambda e: f"{e['old']}-{e['new']}")
def test_new_money_is_tender_where_cldr_knows(entry: dict[str, object]) -> None:
    superseded = {e["old"] for e in REPLACED}
    for country in entry["countries"]:  # type: ignore[attr-defined]
        if country not in CLDR_LAGS and entry["new"] not in superseded:
            assert entry["new"] in get_territory_currencies(country)
            assert entry["old"] not in get_territory_currencies(country)


def test_faults_of_cldr_that_the_table_mends() -> None:
    assert "EUR" not in get_territory_currencies("BG"), "CLDR has learnt of Bulgaria's euro: take it out of CLDR_LAGS"


@pytest.mark.parametrize("entry", REPLACED, ids=lambda e: f"{e['old']}-{e['new']}")
def test_a_name_stands_for_the_money_of_its_day(entry: dict[str, object]) -> None:
    since = entry["since"]
    assert isinstance(since, dt.date)
    assert currency_on(str(entry["new"]), since) == entry["new"]
    assert currency_on(str(entry["new"]), since - dt.timedelta(1)) == entry["old"]
    assert isinstance(entry["until"], dt.date)
    assert entry["until"] >= since


def test_two_redenominations_back() -> None:
    assert [currency_on("VES", dt.date(y, 6, 1)) for y in (2005, 2012, 2020)] == ["VEB", "VEF", "VES"]
    assert currency_on("VES", None) == "VES"
    assert currency_on("USD", dt.date(1990, 1, 1)) == "USD"


@pytest.mark.parametrize(("zone", "country"), [(z, c) for z, places in ZONES.items() for c, p in places.items() if "/" in p])
def test_zones_are_known_to_zoneinfo(zone: str, country: str) -> None:
    place = ZONES[zone][country]
    assert place in zoneinfo.available_timezones()


@pytest.mark.parametrize(
    ("zone", "country", "day", "offset"),
    [
        ("ist", "IN", dt.date(2026, 6, 10), "+05:30"),
        ("ist", "IE", dt.date(2026, 6, 10), "+01:00"),
        ("ist", "IL", dt.date(2026, 1, 10), "+02:00"),
        ("ist", "US", dt.date(2026, 1, 10), None),
        ("ist", None, dt.date(2026, 1, 10), None),
        ("et", None, dt.date(2026, 1, 10), "-05:00"),
        ("et", None, dt.date(2026, 7, 10), "-04:00"),
        ("et", None, None, None),
        ("est", None, dt.date(2026, 7, 10), "-05:00"),
        ("cst", "CN", dt.date(2026, 7, 10), "+08:00"),
        ("cst", "MX", dt.date(2026, 7, 10), "-06:00"),
        ("no such zone", "IN", dt.date(2026, 7, 10), None),
    ],
)
def test_offsets(zone: str, country: str | None, day: dt.date | None, offset: str | None) -> None:
    assert offset_on(zone, country, day) == offset


def test_abbreviations_are_those_of_zoneinfo_in_winter_or_summer() -> None:
    """Each country's zone is called so on one day of the year at least; Sri Lanka and the Gulf only by number, which zoneinfo does not name."""
    unnamed = {"Asia/Colombo", "Asia/Dhaka", "Asia/Riyadh", "Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Baghdad", "Asia/Aden"}
    unnamed |= {"Asia/Dubai", "Asia/Muscat", "Australia/Perth", "Pacific/Apia", "Asia/Singapore"}
    for zone in ("ist", "cst", "ast", "gst", "pst", "sst"):
        for country in zone_countries(zone):
            place = ZONES[zone][country]
            if "/" in place and place not in unnamed:
                names = {dt.datetime(2026, m, 15, 12, tzinfo=zoneinfo.ZoneInfo(place)).tzname() for m in (1, 7)}
                assert zone.upper() in names, (zone, place, names)


@pytest.mark.parametrize(
    ("country", "keeper", "label", "first", "last"),
    [
        ("IN", "firm", 2026, dt.date(2025, 4, 1), dt.date(2026, 3, 31)),
        ("GB", "tax", 2027, dt.date(2026, 4, 6), dt.date(2027, 4, 5)),
        ("US", "government", 2027, dt.date(2026, 10, 1), dt.date(2027, 9, 30)),
        ("AU", "government", 2027, dt.date(2026, 7, 1), dt.date(2027, 6, 30)),
        ("JP", "government", 2026, dt.date(2026, 4, 1), dt.date(2027, 3, 31)),
        ("US", "tax", 2025, dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    ],
)
def test_business_years(country: str, keeper: str, label: int, first: dt.date, last: dt.date) -> None:
    year = business_year(country, keeper)  # type: ignore[arg-type]
    assert year is not None
    assert year.days(year.first_year(label)) == (first, last)
    assert year.first_year_on(first) == year.first_year_on(last) == first.year


def test_firms_of_other_countries_have_years_of_their_own() -> None:
    assert business_year("US", "firm") is None
    assert business_year(None, "government") is None


@pytest.mark.parametrize("country", ["AE", "QA", "KW", "JO", "TR", "IN", "BD", "ID", "MY", "SG"])
def test_eid_of_2026_where_the_library_is_right(country: str) -> None:
    gulf = country in ("AE", "QA", "KW", "JO", "TR")
    day = dt.date(2026, 3, 20 if gulf else 21)
    assert named_days("eid al-fitr", 2026, country) == (day, day)
    assert country not in lexicon("world")["feasts"]["eid al-fitr"], "the library knows it: no entry is needed"


@pytest.mark.parametrize(
    ("country", "given", "right"),
    [
        ("SA", dt.date(2026, 3, 19), dt.date(2026, 3, 20)),  # the first of the days off, the eve
        ("EG", dt.date(2026, 3, 19), dt.date(2026, 3, 20)),
        ("NG", dt.date(2026, 3, 19), dt.date(2026, 3, 20)),
        ("PK", dt.date(2026, 3, 20), dt.date(2026, 3, 21)),
    ],
)
def test_eid_of_2026_where_the_library_gives_another_day(country: str, given: dt.date, right: dt.date) -> None:
    first = next(day for day, told in calendar_of(country, 2026) if any("Eid al-Fitr" in t for t in told))
    assert first == given, "the library has mended it: the entry of the table can go"
    assert named_days("eid al-fitr", 2026, country) == (right, right)


@pytest.mark.parametrize("country", ["IN", "PK", "US", "IL", "GH", "UA", "ID", "PH", "MX", "JM"])
def test_independence_days_are_the_librarys(country: str) -> None:
    days = named_days("independence day", 2025, country)
    assert days is not None
    assert any("Independence Day" in t for day, told in calendar_of(country, 2025) if day == days[0] for t in told) or country == "US"


def test_a_feast_that_was_moved_is_kept_when_it_is_observed() -> None:
    """Israel's Independence Day of 2025 would have led into the Sabbath."""
    assert named_days("independence day", 2025, "IL") == (dt.date(2025, 5, 1), dt.date(2025, 5, 1))


@pytest.mark.parametrize("country", ["NG", "KE", "KR"])
def test_independence_days_that_the_library_calls_otherwise(country: str) -> None:
    assert not any("Independence Day" in told for _, told in calendar_of(country, 2026))
    assert named_days("independence day", 2026, country) is not None


@pytest.mark.parametrize("year", range(2020, 2027))
@pytest.mark.parametrize("country", ["SA", "PK", "IN", "BD", "ID", "MY", "SG"])
def test_ramadan_is_a_month_of_the_moon(country: str, year: int) -> None:
    days = named_days("ramadan", year, country)
    assert days is not None
    assert (days[1] - days[0]).days + 1 in (29, 30), "a month has 29 or 30 days"


def test_a_year_that_nobody_knows_stays_open() -> None:
    assert named_days("ramadan", 2031, "SA") is None
    assert named_days("republic day", 2026, "DE") is None


def test_the_table_tells_its_age() -> None:
    assert dt.date(2026, 1, 1) < as_of()
    assert lexicon("world")["about"]["sources"]
