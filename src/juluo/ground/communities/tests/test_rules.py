"""What changed between two versions of the canvas."""

from hypothesis import given
from hypothesis import strategies as st

from juluo.ground.communities.rules import Piece, changed, pieces


def test_only_the_boxes_that_differ_have_changed():
    assert changed({"purpose": "a", "size": "1"}, {"purpose": "a", "size": "2"}) == ["size"]


def test_numbers_change_whole_and_chinese_character_by_character():
    assert pieces("核心群 200 人", "核心群 300 个人") == [
        Piece("same", "核心群 "),
        Piece("removed", "200"),
        Piece("added", "300"),
        Piece("same", " "),
        Piece("added", "个"),
        Piece("same", "人"),
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_put_together_are_the_two_texts(old, new):
    found = pieces(old, new)

    assert "".join(piece.text for piece in found if piece.kind != "added") == old
    assert "".join(piece.text for piece in found if piece.kind != "removed") == new
