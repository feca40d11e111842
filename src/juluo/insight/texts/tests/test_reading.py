"""A community's own words and corrections, from the action to the next reading."""

import pytest
from django.db import IntegrityError, transaction

from juluo.ground.accounts.models import User
from juluo.ground.audit.models import Entry
from juluo.ground.communities.actions import found
from juluo.insight.texts.actions import forget_relabels, forget_word, keep_word, relabel, same_word, stop_word
from juluo.insight.texts.adapters.lists import Lists
from juluo.insight.texts.errors import MoodRefused, SynonymLoop, WordRefused
from juluo.insight.texts.models import OwnWord, Reading, Relabel
from juluo.insight.texts.queries import Reader, agreement, annotate, annotation_version, dictionary_of, reader_for
from juluo.insight.texts.types import Dictionary, Mood, WordKind
from juluo.record.lake.actions import erase
from juluo.record.lake.queries import ask
from juluo.record.lake.registry import annotators
from juluo.record.lake.tables import EVENTS
from tests.cast import history, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return found("小满的读书会")


@pytest.fixture
def next_door():
    return found("隔壁")


# -- reading


def test_reading_gives_terms_and_mood_in_order(house):
    read = reader_for(house.pk).read(["直播的回放和课件", None, "", "太开心了，谢谢大家", "气死我了"])

    assert read == [(["直播", "回放", "课件"], 0), ([], 0), ([], 0), ([], 1), ([], -1)]


def test_the_lake_finds_the_reader_in_its_registry(house):
    annotator = annotators["texts"]

    assert annotator.annotate(house.pk, ["群公告和发票", None]) == ([["群公告", "发票"], []], [0, 0])
    assert annotator.annotate(house.pk, []) == ([], [])
    assert annotator.version(house.pk) == annotation_version(house.pk)


def test_a_reader_is_made_once_a_version(house):
    first = reader_for(house.pk)
    keep_word(house, "小满杯")

    assert reader_for(house.pk) is reader_for(house.pk)
    assert reader_for(house.pk) is not first
    assert reader_for(house.pk).version == annotation_version(house.pk)
    assert len(annotation_version(house.pk)) <= 80


def test_another_reader_of_moods_may_take_the_place_of_ours(house):
    class Cats:
        code, edition = "cats", "9"

        def score(self, text, tokens):
            return 3.0 if "喵" in text else 0.0

    reader = Reader("1", Dictionary(), moods=Cats())

    assert reader.read(["喵", "太开心了"]) == [([], 1), ([], 0)]


# -- the dictionary


def test_kept_stopped_and_same_words_change_what_is_read(house):
    text = "小满杯的B站直播"
    assert annotate(house.pk, [text])[0] == [["直播"]]

    keep_word(house, "小满杯")
    stop_word(house, "直播")
    same_word(house, "B站", same_as="哔哩哔哩")

    assert annotate(house.pk, [text])[0] == [["小满杯", "哔哩哔哩"]]


def test_a_forgotten_word_is_read_as_before(house):
    before = annotate(house.pk, ["小满杯"])
    keep_word(house, "小满杯")

    assert forget_word(house, " 小满杯 ") is True
    assert forget_word(house, "小满杯") is False

    assert annotate(house.pk, ["小满杯"]) == before


def test_one_communitys_words_are_not_anothers(house, next_door):
    version = annotation_version(next_door.pk)

    keep_word(house, "小满杯")

    assert dictionary_of(next_door.pk) == Dictionary()
    assert annotation_version(next_door.pk) == version


def test_the_later_say_on_a_word_stands(house):
    keep_word(house, "打卡")
    stop_word(house, "打卡")

    row = OwnWord.objects.get()
    assert (row.kind, row.word) == (WordKind.STOP, "打卡")
    assert annotate(house.pk, ["今天打卡"])[0] == [[]]


def test_saying_the_same_again_changes_nothing(house):
    keep_word(house, "小满杯")
    version, notes = annotation_version(house.pk), Entry.objects.count()

    keep_word(house, "小满杯 ")

    assert annotation_version(house.pk) == version
    assert Entry.objects.count() == notes


def test_synonyms_of_synonyms_count_as_the_last_one(house):
    same_word(house, "小破站", same_as="B站")
    same_word(house, "B站", same_as="哔哩哔哩")

    assert annotate(house.pk, ["小破站"])[0] == [["哔哩哔哩"]]


def test_words_cannot_stand_for_each_other(house):
    same_word(house, "小破站", same_as="B站")

    with pytest.raises(SynonymLoop):
        same_word(house, "B站", same_as="小破站")
    with pytest.raises(SynonymLoop):
        same_word(house, "B站", same_as="b站")
    assert OwnWord.objects.count() == 1


@pytest.mark.parametrize("word", ["", "   ", "字" * 41, "两\n行", "，。", "😀", "<script>", "=1+1"])
def test_what_is_no_word_is_refused(house, word):
    with pytest.raises(WordRefused):
        keep_word(house, word)
    assert not OwnWord.objects.exists()
    assert not Reading.objects.exclude(stamp="").exists()


@pytest.mark.parametrize("word", ["c++", "node.js", "lean 4", "AT&T", "小满 杯", "don't", "GPT-4o", "B站", "3d打印"])
def test_words_of_every_script_can_be_kept(house, word):
    kept = keep_word(house, word).word

    assert annotate(house.pk, [f"关于 {word} 的"])[0] == [[kept]]


def test_every_change_of_the_dictionary_is_noted(house):
    user = User.objects.create(username="xiaoman")

    keep_word(house, "小满杯", user=user)
    forget_word(house, "小满杯")

    noted = Entry.objects.filter(community_id=house.pk, verb__startswith="texts.").order_by("id")
    assert [(entry.verb, entry.subject) for entry in noted] == [("texts.word_said", "小满杯"), ("texts.word_forgotten", "小满杯")]


# -- corrections


def test_a_corrected_message_keeps_the_mood_it_was_given(house):
    text = "这波坐牢"
    assert annotate(house.pk, [text])[1] == [0]

    relabel(house, event=7, text=text, mood=Mood.NEGATIVE)

    assert annotate(house.pk, [text, " 这波坐牢\n"])[1] == [-1, -1]


def test_corrections_teach_messages_that_share_their_words(house):
    for event, text in enumerate(["今天又坐牢了三个小时", "这队友纯坐牢", "打到一半开始坐牢", "排了十分钟，坐牢"]):
        relabel(house, event=event, text=text, mood=Mood.NEGATIVE)
    for event, text in enumerate(["今晚几点开", "队友呢", "开一把"], 50):
        relabel(house, event=event, text=text, mood=Mood.NEUTRAL)

    assert annotate(house.pk, ["感觉在坐牢", "今晚开会", "谢谢大家"])[1] == [-1, 0, 1]


def test_corrections_stay_within_the_community(house, next_door):
    relabel(house, event=7, text="这波坐牢", mood=Mood.NEGATIVE)

    assert annotate(next_door.pk, ["这波坐牢"])[1] == [0]


def test_the_last_word_on_a_message_stands_and_the_first_guess_is_remembered(house):
    relabel(house, event=7, text="这波坐牢", mood=Mood.NEGATIVE)
    relabel(house, event=7, text="这波坐牢", mood=Mood.POSITIVE)

    row = Relabel.objects.get()
    assert (row.mood, row.was) == (Mood.POSITIVE, Mood.NEUTRAL)
    assert annotate(house.pk, ["这波坐牢"])[1] == [1]


def test_saying_the_same_mood_again_changes_nothing(house):
    relabel(house, event=7, text="这波坐牢", mood=Mood.NEGATIVE)
    version = annotation_version(house.pk)

    relabel(house, event=7, text="这波坐牢", mood=Mood.NEGATIVE)

    assert annotation_version(house.pk) == version


def test_corrections_can_be_forgotten_and_leave_no_text_while_they_stand(house):
    relabel(house, event=7, text="阿树的电话是多少", mood=Mood.NEGATIVE)
    row = Relabel.objects.get()
    assert "阿树" not in "".join(map(str, (row.features, row.text_hash)))

    assert forget_relabels(house.pk, [7, 8]) == 1
    assert forget_relabels(house.pk, [7, 8]) == 0

    assert annotate(house.pk, ["阿树的电话是多少"])[1] == [0]


def test_agreement_counts_how_often_the_machine_was_right(house):
    relabel(house, event=1, text="太开心了", mood=Mood.POSITIVE)
    relabel(house, event=2, text="这波坐牢", mood=Mood.NEGATIVE)

    assert agreement(house.pk) == (2, 1)


def test_a_message_without_text_has_no_mood_to_correct(house):
    with pytest.raises(MoodRefused):
        relabel(house, event=7, text=" \n", mood=Mood.NEGATIVE)


def test_the_database_refuses_what_is_no_mood(house):
    with pytest.raises(IntegrityError), transaction.atomic():
        Relabel.objects.create(community=house, event=1, text_hash=1, features=[], score=0.0, was=0, mood=5, at="2026-03-02T00:00:00Z")


def test_our_reader_says_which_edition_of_the_lists_it_reads_with():
    assert Lists().edition in annotation_version(0)


# -- erasing


def test_erasing_someone_forgets_what_was_said_about_their_messages_and_no_others(each_lake):
    community = history([said("阿树", "2026-03-02 09:30", "今天也来报到"), said("甲", "2026-03-02 09:31", "甲也来报到")])
    rows = ask(community.pk, EVENTS).to_pylist()
    for row in rows:
        relabel(community, event=row["id"], text=row["text"], mood=Mood.POSITIVE)
    (tree,) = [row for row in rows if row["text"] == "今天也来报到"]

    erase(community, [tree["actor"]])

    (left,) = Relabel.objects.all()
    assert left.event in {row["id"] for row in rows} - {tree["id"]}
    assert reader_for(community.pk).read_one("今天也来报到")[1] == 0
    assert Entry.objects.filter(verb="texts.relabels_forgotten").count() == 1
