"""Nicknames: invented, none of them anybody's."""

import random


def _words(text: str, separator: str) -> tuple[str, ...]:
    return tuple(text.split(separator))


NOUNS = _words(
    "柚子 麦子 核桃 杏仁 海盐 桂圆 山楂 豆包 花卷 糯米 年糕 汤圆 芝麻 橙子 青提 荔枝 枇杷 雪梨 芋头 南瓜 蘑菇 土豆 番茄 "
    "玉米 豌豆 莲子 薄荷 罗勒 迷迭香 栗子 榛果 燕麦 布丁 曲奇 泡芙 吐司 可颂 松饼 奶盖 焦糖 乌龙 抹茶 陈皮 话梅 海苔 鲸鱼 "
    "水獭 刺猬 松鼠 橘猫 柴犬 鹦鹉 蜗牛 海豹 企鹅 麻雀 鹿角 北极熊 云朵 月亮 星星 晚风 小雨 雪花 彩虹 山谷 河流 岛屿 灯塔 "
    "纸船 铅笔 橡皮 书签 围巾 风筝 气球 邮票 信封 闹钟 台灯 拖鞋 帆布鞋 自行车 火柴 木头 石头",
    " ",
)
ADJECTIVES = _words(
    "不加糖的 加冰的 半糖 懒洋洋的 爱睡觉的 会飞的 没睡醒的 迷路的 慢吞吞的 快乐的 沉默的 戴帽子的 戴眼镜的 骑车的 爬山的 "
    "追风的 数星星的 晒太阳的 早起的 熬夜的 吃不胖的 减肥中的 穿拖鞋的 路过的 会弹琴的 种花的 写代码的 画画的 怕冷的 "
    "爱喝拿铁的 戒糖的 想退休的 不上班的",
    " ",
)
PHRASES = _words(
    "今天也要早睡|周三不加班|拿铁续命中|咖啡因过敏但爱喝|在喝了在喝了|下班再说|请叫我手冲侠|人间清醒剂|一杯倒|别催在磨豆|"
    "云南豆大户|左手咖啡右手猫|不困|四季如春|慢慢来|随风而去不了|浅烘教徒|深烘不改|三分糖七分困|冰美式护体|杯底有光|"
    "水温九十二|听雨喝咖啡|一路向南走|隔壁桌的观众|山那边有云|再睡五分钟|打工人续杯|周末见|风吹麦浪田|睡不着研究所|"
    "小镇做饭家|夜跑十公里|种豆得豆|万物可拼单|一只袜子|失眠互助会|热气腾腾|低调的锅|慢半拍",
    "|",
)
LATIN = _words(
    "Momo Kiki Luna Coco Nini Yoyo Toto Miumiu Echo Nova Olive Hazel Mint Maple Sunny Rain Cloudy Pudding Mocha Latte "
    "Cortado Ristretto Piccolo Affogato Bean Peanut Pickle Noodle Waffle Biscuit Pixel Vector Kernel Lambda",
    " ",
)
TITLES = ("阿", "小", "大", "老", "胖", "呆", "")
CITIES = ("杭州", "成都", "上海", "南京", "武汉", "长沙", "西安", "广州", "深圳", "苏州", "厦门", "重庆", "青岛", "郑州", "昆明", "天津")
EMOJI = ("🍊", "🌿", "☕", "🐱", "🌙", "🍃", "🐳", "🌻", "🍑", "⛰️", "🚲", "🎈", "🐶", "❄️", "🌊")
TWIN = ("{0}2号", "{0}（新号）", "{0}_", "{0}小号", "{0}同学", "{0}.")
STAFF = ("列车长小满", "乘务员豆豆", "乘务员阿禾", "检票员可可", "乘务员小舟", "调度员木木", "乘务员青青", "广播员夏夏")
BOTS = ("报站小喇叭", "检票机器人", "巡检小车", "查件助手")


def nicknames(count: int, rng: random.Random) -> list[str]:
    """`count` different nicknames; 阿树 is always the first, for he is in every story."""
    taken = {"阿树"}
    names = ["阿树"]
    while len(names) < count:
        name = _nickname(rng)
        if name in taken:
            name += rng.choice(("", "_", "~", "酱", "呀", "本人")) if rng.random() < 0.5 else str(rng.randrange(10, 9_999))
            if name in taken:
                continue
        taken.add(name)
        names.append(name)
    return names


def _nickname(rng: random.Random) -> str:
    pick, dice = rng.choice, rng.random()
    if dice < 0.26:
        return pick(TITLES) + pick(NOUNS)
    if dice < 0.48:
        return pick(ADJECTIVES) + pick(NOUNS)
    if dice < 0.60:
        return pick(PHRASES)
    if dice < 0.70:
        return pick(LATIN) + pick(("", "", "_", ".", "酱", "z", "99", "在路上"))
    if dice < 0.80:
        return pick(CITIES) + pick(("-", "|", "·", " ")) + pick(TITLES) + pick(NOUNS)
    if dice < 0.92:
        return pick(NOUNS) + pick(EMOJI)
    return pick(NOUNS) + pick(("不吃", "爱上", "加", "和", "遇见", "等")) + pick(NOUNS)


def twin(name: str, rng: random.Random) -> str:
    """What the owner of `name` calls a second account."""
    return rng.choice(TWIN).format(name)
