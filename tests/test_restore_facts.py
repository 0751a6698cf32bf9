"""The facts of a document, each with the span it was read from."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from schemas.document import Period
from transforms.restore import Decoded, restore

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "restore_facts.toml").read_text(encoding="utf-8")
)["document"]


def plain(value: object) -> object:
    """A fact as the cases write it."""
    if isinstance(value, Period):
        return [value.start or "", value.end]
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].split()[0][:12])
def test_reads_the_facts(case: dict[str, object]):
    document = restore("a.txt", Decoded(str(case["text"]), "utf-8"))
    for name, expected in case.items():
        if name != "text":
            assert plain(getattr(document.facts, name)) == (expected or None), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].split()[0][:12])
def test_facts_stand_where_their_spans_say(case: dict[str, object]):
    document = restore("a.txt", Decoded(str(case["text"]), "utf-8"))
    facts = document.facts
    for name, (start, end) in facts.spans.items():
        text = document.clean[start:end].replace(" ", "")
        value = getattr(facts, name)
        assert text, name
        if isinstance(value, str) and name != "place":
            assert value.replace("　", "\n") in (text, text.replace("　", "\n")), name
        elif name == "place":
            assert value in text
        elif isinstance(value, date):
            assert any(c in text for c in f"{value.year}〇二")


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("枫林街道城市管理工作汇报", "枫林街道"),
        ("青川镇社区矫正工作总结", "青川镇"),
        ("青川镇旗山村工作总结", "青川镇"),
        ("青川镇乡村振兴工作总结", "青川镇"),
        ("河西区城市更新工作情况", "河西区"),
        ("柳河县城镇化建设情况", "柳河县"),
        ("枫林街道办事处区域化党建总结", "枫林街道"),
        ("新乡市红旗区工作报告", "红旗区"),
        ("河西省云屏县白石村", "白石村"),
        ("景德镇市浮梁县工作总结", "浮梁县"),
        ("上海市浦东新区工作总结", "浦东新区"),
        ("成都市新都区新都街道社区治理总结", "新都街道"),
    ],
)
def test_the_place_of_a_title_ends_where_its_subject_begins(title: str, place: str):
    text = f"{title}\n\n全年完成造林12亩，新建厕所3座，硬化道路5公里，群众满意率达到98%以上。\n"
    assert restore("a.txt", Decoded(text, "utf-8")).facts.place == place


@pytest.mark.parametrize(
    "place", ["交城县", "襄城县", "聊城市", "宣城市", "麻城市", "潞城镇", "塔集镇", "关城镇"]
)
def test_a_place_may_end_like_a_common_word(place: str):
    text = (
        f"{place}本月举办技能比武，全{place[-1]}46支队伍参赛，发放奖金18万元。"
        f"\n上半年{place}新增绿地3处，城区道路改造5公里，城镇居民收入增长5%。\n"
    )
    assert restore("a.txt", Decoded(text, "utf-8")).facts.place == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("立足云溪实际，我镇新建茶园3亩，魅力云溪初具雏形。", "云溪镇"),
        ("结合工作实际，我镇新建茶园3亩，工作顺利。", None),
        ("立足本地实际，全乡新建茶园3亩，服务本地。", None),
    ],
)
def test_whose_conditions_a_report_starts_from(text: str, place: str | None):
    assert restore("a.txt", Decoded(text, "utf-8")).facts.place == place


@pytest.mark.parametrize(
    "text",
    [
        "县教育局工作总结\n各校紧紧围绕县委确定的目标，紧紧围绕县域教育，办学条件改善。",
        "全年改造老旧小区26个，老旧小区面貌一新。",
        "打造文旅兴县品牌，文旅兴县成效明显。",
        "2018年整镇推进工作汇报\n全镇有6个行政村、70个自然村。",
        "硬化街道1500米，全镇建成广场2处。",
        "全乡有6个行政村、贫困村2个。",
        "引进镇外资金3200万元，全镇开工项目21个。",
        "全镇坚持工业立镇，新建立镇项目完成，坚持生态立镇。",
    ],
)
def test_words_that_end_like_a_place_are_none(text: str):
    assert restore("a.txt", Decoded(text, "utf-8")).facts.place is None
