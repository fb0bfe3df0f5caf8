"""Personal data is masked; measures, years and sources are not."""

from __future__ import annotations

import pytest

from bot.guardrail.personal_data import mask_personal_data


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("My name is Sarah Khan and I have lupus", "Sarah"),
        ("my name is fatima zahra and i have lupus", "fatima"),
        ("I am John Smith, 555-123-4567", "Smith"),
        ("call me on 07700 900123", "900123"),
        ("+44 7700 900123", "7700"),
        ("write to sarah.k@mail.com", "sarah"),
        ("sarah (at) gmail (dot) com", "gmail"),
        ("NHS number 943 476 5919", "943"),
        ("SSN 123-45-6789", "6789"),
        ("passport no. AB1234567", "AB1234567"),
        ("CNIC 35202-1234567-1", "1234567"),
        ("born 12/03/1980", "1980"),
        ("I live at 12 High Street, SW1A 1AA", "High"),
        ("me llamo José García", "García"),
        ("Je m'appelle Marie Dupont", "Dupont"),
        ("我叫王小明，电话13812345678", "王小明"),
        ("اسمي محمد علي ورقمي 0501234567", "محمد"),
        ("my daughter Emily Jones is 4", "Emily"),
        ("card 4111 1111 1111 1111", "4111"),
    ],
)
def test_personal_data_is_masked(text: str, secret: str) -> None:
    masked = mask_personal_data(text)
    assert secret not in masked
    assert "[" in masked


@pytest.mark.parametrize(
    "text",
    [
        "I had cupping 3 times in 2019 at -300 mmHg for 10 minutes, 6 cups of 50-100 mm",
        "What did Ibn Sina write in 1025?",
        "In 2020, 11 trials with 921 people; doi 10.1371/journal.pone.0031793",
        "I am Chinese and I am Muslim",
        "the 17th, 19th and 21st of the month",
        "Who was Zhao Xueming?",
        "is 80 kPa too strong, and -225 mmHg?",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert mask_personal_data(text) == text
