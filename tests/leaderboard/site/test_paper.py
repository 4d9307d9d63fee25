"""What is copied into a paper."""

from leaderboard.site.paper import citation, latex_row, paper
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board


def test_the_paper_the_data_and_the_version_are_cited():
    table = made_board(1)["tables"][0]
    table["card"]["citation"] = (
        "Jongwook Han, Dongmin Choi and Yohan Jo (2025).\n"
        "Value Portrait: Assessing Language Models' Values. Proceedings of ACL 2025."
    )
    cited = citation(table, "0.1.0")
    assert "author = {Jongwook Han and Dongmin Choi and Yohan Jo}," in cited
    assert "title = {{Value Portrait: Assessing Language Models\\textquotesingle{}" in cited
    assert "howpublished = {Proceedings of ACL 2025}," in cited
    assert f"revision {table['card']['revision']}" in cited
    assert "note = {Version 0.1.0, Value Portrait 1-A}," in cited
    assert cited.count("@") == 2


def test_a_citation_of_another_form_is_whole_in_the_title():
    table = made_board(1)["tables"][0]
    table["card"]["citation"] = "the survey of 1999"
    assert "title = {{the survey of 1999}}," in citation(table, "0")


def test_no_name_becomes_a_command():
    for name in HOSTILE:
        row = latex_row([name, "−0.13"])
        assert row.endswith(" & $-$0.13 \\\\")
        assert "\n" not in row
        assert row.count(" & ") == 1
        assert not set("<>") & set(row)


def test_sentences_and_rows_are_joined():
    table = made_board(1)["tables"][0]
    made = paper(["One.", "Two."], [["a", "1"], ["b", "2"]], table, "0")
    assert made["sentence"] == "One. Two."
    assert made["latex"] == "a & 1 \\\\\nb & 2 \\\\"
