"""The Mandarin reviews, built as the English ones are: see english.py."""

SUBJECTS = {
    "meal": {
        "thing": "这顿饭|这家餐厅|这个套餐|这家小吃店|这份外卖|这家火锅店",
        "part": "汤|鱼|米饭|面条|牛肉|甜点|饺子|青菜|豆腐",
        "good": "好吃|新鲜|美味|可口|入味|香|鲜嫩",
        "bad": "难吃|咸|油腻|硬|酸|苦|倒胃口",
        "fact": "有两道菜|中午开始供应|送一碗汤|要等十分钟|可以打包",
        "did": "星期二来吃的|点了两人份|打电话订的|坐在门口",
    },
    "film": {
        "thing": "这部电影|这部喜剧|这个片子|这部续集|这部纪录片",
        "part": "剧情|演技|结尾|台词|男主角|画面|开头|配角|歌曲",
        "good": "感人|精彩|好看|有趣|刺激|动人|耐看",
        "bad": "无聊|老套|拖沓|难看|假|俗气|肤浅",
        "fact": "有两个小时|晚上八点开始|是小说改编的|一共三集|在国外拍的",
        "did": "星期五看的|跟妹妹一起看的|先看了小说|在家里看的",
    },
    "hotel": {
        "thing": "这家酒店|这个房间|这家旅馆|这家民宿|这个公寓",
        "part": "床|早餐厅|浴室|前台|走廊|电梯|地毯|阳台|游泳池",
        "good": "干净|安静|舒服|宽敞|温馨|整洁|豪华",
        "bad": "脏|吵|潮湿|小|难闻|破旧|阴冷",
        "fact": "离车站不远|在老城里|在三楼|包括早餐|冬天不开门",
        "did": "住了两个晚上|坐火车来的|三月份订的|住在四楼",
    },
    "phone": {
        "thing": "这个手机|这台电脑|这个相机|这副耳机|这台打印机",
        "part": "屏幕|电池|键盘|声音|充电器|外壳|系统|按键|话筒",
        "good": "清楚|好用|耐用|灵敏|结实|流畅|精致",
        "bad": "慢|难用|模糊|容易坏|迟钝|粗糙|劣质",
        "fact": "有两个按键|是灰色的|晚上充电|重半斤|用的是干电池",
        "did": "六月买的|上班的时候用|换掉了旧的|每天放在包里",
    },
    "course": {
        "thing": "这门课|这个讲座|这个培训班|这次讨论课|这套教材",
        "part": "老师|作业|课本|第一章|考试|小组讨论|课件|助教|练习",
        "good": "清晰|生动|有用|有意思|认真|有启发|透彻",
        "bad": "混乱|枯燥|难懂|过时|敷衍|死板|乏味",
        "fact": "一共十个星期|每个星期一有课|最后有一次测验|有十二节|是网上的",
        "did": "春天上的|坐在第二排|做了练习|跟朋友一起报名的",
    },
}

GENERAL = {
    "good": "好|棒|出色|优秀|完美|理想|讨人喜欢",
    "bad": "差|糟糕|烂|差劲|可怕|气人|不像话",
    "superb": "真不错|很棒|非常好|没得说|超级棒|一流|无可挑剔|好极了",
    "rotten": "很差|真糟糕|让人失望|太烂了|一塌糊涂|不行|糟透了|差得很",
    "middling": "一般|普通|还可以|马马虎虎|还行|中等|平平|凑合",
    "very": "很|非常|真的很|特别|确实很|实在太|相当",
    "lead": "说实话，|总的来说，|我觉得|老实说，|对我们来说，|总之，",
    "praise": "我很喜欢|下次还来|值得推荐|大家都很开心|物有所值|没什么可抱怨的|给五颗星|让人难忘",
    "blame": "再也不来了|我想退钱|浪费钱|非常后悔|不推荐|没想到这么差|大家都不满意|心情全没了",
    "shrug": "没什么特别的|跟想的差不多|不好也不坏|没有什么意见|说不上喜欢|就是这样|看个人吧|一分钱一分货",
    "happy": "很高兴|很满意|很惊喜|很感动",
    "upset": "很失望|很生气|很难过|很无奈",
    "positive": "{part}{very}{good}。|{lead}{part}{superb}。|"
    "{thing}{superb}，{praise}。|{part}{superb}，{part}也{superb}。|"
    "{part}一点也不{bad}。|{lead}{thing}{very}{good}，{praise}。|{part}让我{happy}，{praise}。|我们{did}，{happy}。|"
    "我{did}，{praise}。|{thing}{fact}，{praise}。|没见过这么{good}的{part}。",
    "negative": "{part}{very}{bad}。|{lead}{part}{rotten}。|"
    "{thing}{rotten}，{blame}。|{part}{rotten}，{part}也{rotten}。|"
    "{part}一点也不{good}。|{lead}{thing}{very}{bad}，{blame}。|{part}让我{upset}，{blame}。|我们{did}，{upset}。|"
    "我{did}，{blame}。|{thing}{fact}，{blame}。|没见过这么{bad}的{part}。",
    "neutral": "{part}{middling}。|{thing}{fact}。|{lead}{part}{middling}，{shrug}。|{thing}{middling}，{shrug}。|"
    "我{did}，{shrug}。|我们{did}，{part}{middling}。|{part}很{good}，可是{part}{rotten}。|"
    "{part}很{bad}，但是{part}{superb}。|{thing}{fact}，{shrug}。|我{did}，{thing}{fact}。",
}

# espeak-ng 1.51 reads these words with a wrong syllable or tone; it is given their pinyin instead.
READINGS = {
    "主角": "zhu3 jue2",
    "配角": "pei4 jue2",
    "地毯": "di4 tan3",
    "相机": "xiang4 ji1",
    "歌曲": "ge1 qu3",
    "片子": "pian1 zi5",
}
