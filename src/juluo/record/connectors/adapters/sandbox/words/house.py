"""Talk that belongs to the house: newcomers, the team's prompts, adverts, the bot, spam, and the few who write English."""

from . import questions
from .types import Subject

SUBJECTS = (
    Subject(
        "hello",
        mood=(0.0, 0.7, 0.3),
        open=(
            "大家好，{city}上车，{job}，{age_coffee}，请多关照",
            "新人报到！从{source}来的，{age_coffee}",
            ("+你们好呀，我是{kin}拉进来的，{job}一枚", "{kin}有眼光", "欢迎，{job}稀缺物种"),
            "报到～坐标{city}，常喝{blend}",
            "{city}，{job}，{age_coffee}，来学习的",
            ("上车了，还有座吧", "有座，随便坐", "往里走往里走", "站票也行，热闹"),
            "潜水半天出来打个招呼，{city}的",
            ("+大家好，我{age_coffee}，家里有一只{pet}和一个{gear}", "{pet}照片交出来", "{gear}也交出来", "器具和毛孩子都是入群资格"),
            ("+新乘客报到，{source}看到的，想认识站长", "站长在睡觉", "站长只见带鱼干的", "欢迎，先排队"),
            "坐标{city}，{job}，平时喝{blend}，周末喝别人请的",
            ("大家好，{kin}说这里能治早起困难", "治不好，但有人陪", "早八车厢欢迎你"),
        ),
        good=("欢迎上车！", "欢迎欢迎{emoji}", "{city}老乡！", "欢迎，{age_coffee}的都是好苗子", "撒花{emoji}", "同{job}，握手"),
        plain=(
            "欢迎",
            "欢迎新乘客",
            "欢迎欢迎",
            "你好呀",
            "坐稳扶好",
            "喝点什么，随便点",
            "潜水也行，随时冒泡",
            "有座，随便坐",
            "{city}+1",
            "来三号车厢一起聊冲煮呀",
            "先看置顶",
            "欢迎，新人票记得领",
        ),
        bad=("又多一个跟我抢豆的，唉",),
        follow=(
            "谢谢大家！好热情",
            "谢谢，先去看置顶",
            "请多指教",
            "哈哈那我就坐下了",
            "站长是那只猫对吧，久仰",
            "氛围真好",
            "那我先逛逛车厢",
        ),
        official=(
            "欢迎上车！先去小站领一张新人票，冲煮有问题到三号车厢喊我～",
            "欢迎欢迎，{city}的同城局在六号车厢，记得看看。",
            "欢迎～先看置顶的《乘车须知》，两分钟就看完。",
        ),
    ),
    Subject(
        "prompt",
        mood=(0.05, 0.6, 0.35),
        open=(
            (
                "@5-10【今日发车】早上好各位乘客，今天第一杯喝的什么，来报一报～",
                "{bean}，老样子",
                "{cups}{blend}",
                "还没喝，在挤地铁",
                "白开水，装样子",
                "{blend}配{food}，满足",
                "昨晚剩的冷萃",
            ),
            (
                "@10-16【午间话题】如果只能留一件器具，你留哪件，理由只能写一句话。",
                "{gear}，因为只有它没被{kin}嫌弃",
                "磨豆机，别的都能借",
                "{gear}，本命",
                "电子秤，没有它我不会冲",
                "杯子，没杯子用手喝吗各位",
                "保温杯，人到中年",
            ),
            (
                "@10-19【一句话测评】用三个词形容你手边那支豆，列车长抽一位送试饮。",
                "{flavor}、{flavor2}、{flavor3}",
                "甜、干净、贵",
                "{bean}：{flavor}、顺、没了",
                "苦、更苦、我冲的",
                "{blend}：稳、稳、稳",
            ),
            (
                "#34@15-20【周末车票】周末的第一杯，报上地点，带上图来。",
                "{place}",
                "床上",
                "{city}加班，公司茶水间",
                "带娃，{place}",
                "去{site}看站长",
                "{kin}家，顺便蹭饭",
            ),
            (
                "@10-20【翻车现场】说说你冲得最离谱的一次，票数最高的送滤纸。",
                "{grinder}没盖盖子，厨房下雪了",
                "冲到一半发现没放粉",
                "把滤纸和粉一起倒进垃圾桶，留下了一杯热水",
                "用洗洁精水冲的，别问",
                "忘了放分享壶，直接冲桌上",
                "给老板冲的那杯，盐当糖",
            ),
            ("@9-18【车厢投票】热的还是冰的，排队站好。", "热的", "冰的", "冰的，冬天也是", "热的，养生", "常温，叛逆", "听天气的"),
            (
                "#14@9-18【豆单更新】这周烘的是{bean}、{bean2}和{blend}，想先喝哪支，报数。",
                "{bean}",
                "{bean2}",
                "{blend}，奶咖党",
                "都要",
                "先把家里的喝完再说",
                "{bean2}，等它半年了",
            ),
            (
                "@17-24【晚安车厢】今天谁还在加班，报个站名。",
                "{city}站，加班",
                "{city}站，刚打卡走人",
                "还在{work}，救命",
                "下班了，在{place}",
                "{city}站，哄娃",
                "夜班，刚上车",
            ),
            (
                "@14-18【下午茶】拍一张你现在的桌面，不许收拾。",
                "不敢拍，{kin}在群里",
                "桌面有三个空杯子",
                "键盘里全是{food}渣",
                "只有一个杯子和一只猫",
            ),
        ),
        good=("{emoji}{emoji}", "这个话题好玩", "{laugh}都是人才", "爱看大家的回答"),
        plain=("围观", "排队", "同楼上", "我选沉默"),
        bad=("今天没心情喝，{work}", "还没喝上，忙疯了", "加班中，救命"),
        follow=("【小结】收到！楼上几位可以握个手。", "中奖的乘客请私信列车长～", "大家今天精神都不错。", "已截图，明天的话题有了。"),
        official=("列车长也选这个。", "哈哈这个我们记进史册了。", "站长表示同意。"),
    ),
    Subject(
        "advert",
        mood=(0.0, 1.0, 0.0),
        open=(
            "【限时】{blend}两包立减 20，点小站首页就能领，今晚十二点截止！",
            "【加推】{kit}套装补货 200 份，手慢无，戳链接直达。",
            "【会员】开通年卡全年九折，前 100 名送保温杯，名额不多了。",
            "【秒杀】{bean} {price} 一包，仅限今天，仅限乘客群。",
            "【再提醒一次】昨天的优惠今晚失效，还没下单的乘客抓紧啦！",
            "【联名】买二赠一还剩最后两小时，转发好友再减 5 元。",
        ),
        good=("正好喝完了，下单", "这个价可以"),
        plain=("已买", "看看", "上次好像也是这个价", "券能叠加就更好了"),
        bad=(
            "一天三条广告，有点吵了",
            "群变成卖场了",
            "能不能别刷了",
            "消息免打扰了",
            "以前不是这样的",
            "再发我就退了",
            "聊天都被广告冲走了",
            "我是来聊咖啡的，不是来看促销的",
            "又来了，烦",
        ),
        follow=("还有最后 30 份。", "链接再放一次，方便大家。"),
        official=("收到反馈，之后会少发一些，抱歉打扰大家。",),
    ),
    Subject(
        "spam",
        mood=(0.0, 1.0, 0.0),
        open=(
            "兼职招人，在家手机操作，日结，加V看头像",
            "低价出会员充值，需要的私我，长期有效",
            "点赞任务一单五块，想做的扣1，名额有限",
            "全网最低，各种影视会员周卡，看主页",
            "急招打字员，时间自由，一天两百起，联系头像",
            "刷单返现群，进群领红包，错过等一年",
        ),
        bad=("又来广告，管理员", "举报了"),
        plain=("……", "广告", "已举报"),
        good=("{laugh}踢得真快",),
    ),
    Subject(
        "bot",
        mood=(0.0, 1.0, 0.0),
        open=(
            "🚃 早安，各位乘客。今天{weather}，签到上车请点小站「打卡」，连续 7 天送 50 里程。",
            "🚃 报站：昨天最热的话题是「{bean}」，错过的乘客可以上翻补课。",
            "🚃 车厢公约提醒：不发广告、不催单、不许说站长胖。",
            "🚃 早报：离周末又近了一天。打卡请点小站。",
        ),
    ),
    Subject(
        "english",
        english=True,
        asks=questions.ENGLISH,
        mood=(0.0, 1.0, 0.0),
        good=("Same here, love it", "Great tip, thanks"),
        plain=("Following", "Same question", "Not sure, ask the conductor", "看翻译中"),
        bad=("Mine came out bitter too",),
        follow=("Perfect, thank you!", "Will try tomorrow morning", "Got it, cheers"),
    ),
    Subject(
        "english",
        english=True,
        mood=(0.0, 0.35, 0.65),
        open=(
            "+@6-11Morning everyone, {bean_en} today and it's lovely",
            "+First pour-over that actually tasted like {flavor_en}!",
            "+The station cat sat on my bag again",
            "#0Monday. Double shot.",
            "Fourth cup, still in meetings",
            "+Finally dialed in the {gear_en}",
            "Rainy day, slow brew, no meetings",
        ),
        good=("Nice one!", "Looks amazing", "Love that", "{emoji}{emoji}", "赞，看着就好喝"),
        plain=("Morning!", "Light roasts all the way", "Same beans here", "早"),
        bad=("Jealous, stuck in meetings",),
        follow=("Still practising but happy", "It's even better when it cools down", "Thanks all"),
        photo=0.3,
    ),
)

# What everyone says when nothing better comes to mind.
GOOD = ("{laugh}", "👍", "可以可以", "{praise}", "{wow}", "赞", "羡慕", "{emoji}{emoji}", "爱看，多发", "支持一下", "好耶", "这个好")
PLAIN = ("+1", "嗯嗯", "收到", "同意", "确实", "原来如此", "学习了", "路过", "哦哦", "马克", "是的", "有道理", "懂了", "get")
BAD = ("唉", "无语", "不太行", "心累", "有点失望", "算了算了", "难受", "服了", "摊手", "就这……")
THANKS = ("谢谢！", "好的", "谢谢各位", "懂了懂了", "我再看看", "明白了", "get，谢谢", "🙏")
FOLLOW = ("{laugh}", "{emoji}", "嗯嗯", "是的呀", "对对对", "还真是", "被你发现了", "下次一起")
# What members add to an answer of theirs.
MODEST = (
    "个人经验，仅供参考",
    "我也是踩坑踩出来的",
    "试试看，不行再来喊",
    "不客气",
    "{laugh}都是群里学的",
    "不一定对，你先小量试",
    "反正我是这么过来的",
    "别太纠结，先喝上再说",
    "有结果记得回来说一声",
    "{emoji}",
)
# What the team says to a question it has no ready answer for, and when it just chats along.
OFFICIAL = ("收到，我去问问再来回复大家～", "这个我记下了，晚点给您答复。", "列车长也没试过，明天上班就试。")
CHATTING = ("{laugh}列车长也是", "已截图给站长看", "这个可以上今日报站", "列车长路过，点个赞", "收进慢车语录了", "{emoji}", "站长已阅")

WELCOME = (
    "🚃 欢迎 {who} 上车！先看置顶的《乘车须知》，再跟大家打个招呼吧～",
    "🚃 叮——{who} 已检票上车，请坐稳扶好，新人票在小站领。",
    "🚃 {who} 上车啦，往里走往里走，三号车厢聊冲煮，六号车厢找同城。",
)
COMMENTS = {
    -1: ("物流太慢了", "广告有点多", "客服回得慢", "最近豆子不稳定", "价格涨了", "群里消息太多看不过来"),
    0: ("还行", "希望多出低因", "希望线下活动多一点", "中规中矩", "包装可以再简单点", "想要小包装"),
    1: ("豆子新鲜，群友也好玩", "列车长很负责", "冲煮课很有用", "喜欢站长", "会一直喝下去", "推荐给同事了", "氛围好"),
}
PRODUCTS = (
    "「慢坡」拼配 227g",
    "「软卧」拼配 227g",
    "「硬座」拼配 227g",
    "「卧铺」低因 227g",
    "埃塞日晒 100g",
    "云南保山 200g",
    "挂耳十片装",
    "滤纸百张",
    "聪明杯",
    "月度订阅 两包",
)
EMOJIS = {-1: ("😮‍💨", "😢", "🙏", "😡", "👀"), 0: ("👍", "👌", "👀", "☕", "➕"), 1: ("❤️", "😂", "👍", "🎉", "😋", "🐱")}
PAGES = ("shop/slow-hill", "shop/gift-set", "club/year-card", "shop/weekly-roast", "event/tasting", "shop/night-bus")
