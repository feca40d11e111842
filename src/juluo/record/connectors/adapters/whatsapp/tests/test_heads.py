"""Dates and times of phones from everywhere, and how to tell day from month."""

import pytest

from juluo.record.connectors.adapters.whatsapp.heads import day, deduce, head


@pytest.mark.parametrize(
    ("line", "numbers", "time"),
    [
        ("31/12/21, 23:59 - 小满: 好", (31, 12, 21), (23, 59, None)),
        ("12/31/21, 11:59 PM - 小满: 好", (12, 31, 21), (23, 59, None)),
        ("12/31/21, 11:59\u202fPM - 小满: 好", (12, 31, 21), (23, 59, None)),
        ("12/31/2021, 12:05 a. m. - 小满: 好", (12, 31, 2021), (0, 5, None)),
        ("31/12/2021, 12:05 p.\u00a0m. - 小满: 好", (31, 12, 2021), (12, 5, None)),
        ("31.12.21, 23:59 - 小满: 好", (31, 12, 21), (23, 59, None)),
        ("31-12-2021 23:59 - 小满: 好", (31, 12, 2021), (23, 59, None)),
        ("2021/12/31, 23:59 - 小满: 好", (2021, 12, 31), (23, 59, None)),
        ("2021/12/31 下午11:59 - 小满: 好", (2021, 12, 31), (23, 59, None)),
        ("2021/12/31 上午12:05 - 小满: 好", (2021, 12, 31), (0, 5, None)),
        ("2021年12月31日 晚上9:05 - 小满: 好", (2021, 12, 31), (21, 5, None)),
        ("2021. 12. 31. 오후 11:59 - 小满: 好", (2021, 12, 31), (23, 59, None)),
        ("[31/12/21, 23:59:58] 小满: 好", (31, 12, 21), (23, 59, 58)),
        ("[31.12.21, 23:59:58] 小满: 好", (31, 12, 21), (23, 59, 58)),
        ("[12/31/21, 11:59:58 PM] 小满: 好", (12, 31, 21), (23, 59, 58)),
        ("[2021/12/31 下午11:59:58] 小满: 好", (2021, 12, 31), (23, 59, 58)),
        ("[21/12/31 下午11:59:58] 小满: 好", (21, 12, 31), (23, 59, 58)),
        ("\u200e[31/12/21, 23:59:58] 小满: \u200e好", (31, 12, 21), (23, 59, 58)),
        ("31.12.21 um 23:59 - 小满: 好", (31, 12, 21), (23, 59, None)),
        ("31/12/21 à 23:59 - 小满: 好", (31, 12, 21), (23, 59, None)),
        ("31/12/21, 23.59 - 小满: 好", (31, 12, 21), (23, 59, None)),
        ("31.12.21, 23:59:58: 小满: 好", (31, 12, 21), (23, 59, 58)),
        ("5. 1. 2021 9:05 - 小满: 好", (5, 1, 2021), (9, 5, None)),
    ],
)
def test_a_head_is_read_in_every_way_phones_write_it(line: str, numbers: tuple, time: tuple) -> None:
    found = head(line)

    assert found is not None
    assert found.numbers == numbers
    assert (found.hour, found.minute, found.second) == time
    assert found.body.lstrip("\u200e").endswith("好")


@pytest.mark.parametrize("line", ["", "你好", "12:30 开会", "2021/12/31 是星期五", "1/2 杯水", "[笑]", "31/12/21, 23:59"])
def test_ordinary_lines_have_no_head(line: str) -> None:
    assert head(line) is None


def heads(*dates: str, suffix: str = "10:00"):
    return [head(f"{date}, {suffix} - 小满: 好") for date in dates]


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("03/04/21", "13/04/21", "14/04/21", "15/04/21"), "dmy"),
        (("03/04/21", "03/13/21", "03/14/21", "03/15/21"), "mdy"),
        (("21/03/04", "21/03/13", "21/03/14", "21/03/15"), "ymd"),
        (("2021-03-04", "2021-03-05"), "ymd"),
        (("13/04/2021",), "dmy"),
    ],
)
def test_a_number_above_twelve_proves_the_order(dates: tuple[str, ...], order: str) -> None:
    found = deduce(heads(*dates))

    assert (found.order, found.is_sure) == (order, True)


def test_a_chat_goes_forward_in_time_and_so_tells_day_from_month() -> None:
    month_first = heads("01/11/21", "01/12/21", "02/01/21", "02/02/21", "03/01/21")

    assert deduce(month_first)[:2] == ("mdy", True)
    assert deduce(heads("11/01/21", "12/01/21", "01/02/21", "02/02/21", "01/03/21"))[:2] == ("dmy", True)


def test_a_line_pasted_from_another_chat_does_not_overrule_the_rest() -> None:
    found = deduce(heads("13/04/21", "14/04/21", "04/25/21", "15/04/21", "16/04/21"))

    assert found.order == "dmy"


def test_what_stays_ambiguous_is_asked_with_a_guess() -> None:
    assert deduce(heads("03/04/2021", "03/04/2021")) == ("dmy", False, ("dmy", "mdy"))
    assert deduce(heads("03/04/2021", suffix="10:00 AM")) == ("mdy", False, ("dmy", "mdy"))
    assert deduce(heads("03.04.2021"))[:2] == ("dmy", False)


def test_a_date_of_two_figures_means_this_century() -> None:
    assert day((31, 12, 21), "dmy") == (2021, 12, 31)
    assert day((12, 31, 2021), "mdy") == (2021, 12, 31)
    assert day((21, 12, 31), "ymd") == (2021, 12, 31)
