"""Headings as a tree, where sections look, and sentences that lead back to the source."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.document import Outlook, Period
from transforms.restore import Decoded, restore

REPORT = """青川镇2023年工作总结和2024年工作计划
今年以来，全镇工作稳步推进。现总结如下：
一、2023年工作总结
（一）坚持转型升级，经济发展集聚新动能。今年以来，完成产值4.91亿元。一是项目建设提速。新建项目12个。二是招商持续发力。引进企业5家。
（二）坚持生态优先
1.水利建设。整治河道3条。
在看到成绩的同时，仍存在不足，产业层次不高。
二、存在的主要问题
农民增收渠道不宽。
三、2024年工作计划
（一）加快产业发展
新建茶园500亩！力争产值突破5亿元？
青川镇人民政府
2023年12月6日"""


@pytest.fixture(scope="module")
def document():
    return restore("a.txt", Decoded(REPORT, "utf-8"))


def test_headings_are_a_tree(document):
    tree = [(s.level, s.heading, str(s.outlook), s.parent) for s in document.sections]
    assert tree == [
        (0, "", "back", -1),
        (1, "2023年工作总结", "back", 0),
        (2, "坚持转型升级，经济发展集聚新动能", "back", 1),
        (4, "项目建设提速", "back", 2),
        (4, "招商持续发力", "back", 2),
        (2, "坚持生态优先", "back", 1),
        (3, "水利建设", "back", 5),
        (4, "", "problems", 6),
        (1, "存在的主要问题", "problems", 0),
        (1, "2024年工作计划", "ahead", 0),
        (2, "加快产业发展", "ahead", 9),
    ]


def test_sections_cover_the_text_without_overlap(document):
    ends = [s.end for s in document.sections]
    assert [s.start for s in document.sections] == [0, *ends[:-1]]
    assert ends[-1] == len(document.clean)


def test_a_heading_sets_year_and_period(document):
    plan = document.sections[-1]
    assert plan.year == 2024
    assert plan.period == Period(date(2024, 1, 1), date(2024, 12, 31))


def test_sentences_end_with_full_stops_and_lines(document):
    texts = [document.clean[s.start : s.end] for s in document.sentences]
    assert "一是项目建设提速。" in texts
    assert "新建项目12个。" in texts
    assert texts[-4:] == [
        "新建茶园500亩！",
        "力争产值突破5亿元？",
        "青川镇人民政府",
        "2023年12月6日",
    ]
    headings = [t for t, s in zip(texts, document.sentences, strict=True) if s.heading]
    assert headings[0] == "青川镇2023年工作总结和2024年工作计划"
    assert "（二）坚持生态优先" in headings
    assert "新建项目12个。" not in headings


@pytest.mark.parametrize(
    ("heading", "outlook"),
    [
        ("二、下半年工作思路", Outlook.AHEAD),
        ("五、2025年打算", Outlook.AHEAD),
        ("四、再出发：2024年", Outlook.AHEAD),
        ("四、未来发展方向", Outlook.AHEAD),
        ("7.2024年工作目标", Outlook.AHEAD),
        ("二、主要任务", Outlook.AHEAD),
        ("一、年度重点任务完成情况", Outlook.BACK),
        ("一、上半年工作回顾", Outlook.BACK),
        ("三、困难和问题", Outlook.PROBLEMS),
        ("三、存在的不足", Outlook.PROBLEMS),
        ("二、特色产业", Outlook.BACK),
        ("■ 明年计划", Outlook.AHEAD),
        ("【工作目标】", Outlook.AHEAD),
    ],
)
def test_headings_say_where_they_look(heading: str, outlook: Outlook):
    text = f"青川镇2023年工作总结\n全镇工作稳步推进。\n{heading}\n新增企业5家。"
    document = restore("a.txt", Decoded(text, "utf-8"))
    assert document.sections[document.sentences[-1].section].outlook is outlook


@pytest.mark.parametrize(
    "paragraph",
    ["下一步，我们将新增企业5家。", "明年计划新增企业5家。", "2024年，我镇将新增企业5家。"],
)
def test_a_paragraph_may_look_ahead(paragraph: str):
    text = f"青川镇2023年工作总结\n一、工作成效\n全镇工作稳步推进。\n{paragraph}"
    document = restore("a.txt", Decoded(text, "utf-8"))
    assert document.sections[document.sentences[-1].section].outlook is Outlook.AHEAD
    assert document.sections[document.sentences[-2].section].outlook is Outlook.BACK
