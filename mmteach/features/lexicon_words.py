"""Words that say good or bad in everyday reviews, in English and Chinese: written down from knowing the languages.

No set of reviews was looked through for them: words picked from a test part would make its score a fiction.

In each text a space parts the words, "_" joins those of a phrase, and "enjoy|s|ed" stands for enjoy, enjoys, enjoyed.
A word that praises one thing and blames another ("small", "long") is left out; where reviews mostly mean one
("cheap": not well made; "快": delivered fast) it stands there.
"""

from __future__ import annotations

GOOD_EN = """
good better best goodness great|er|est|ly|ness excellent|ly excellence fantastic|ally terrific|ally superb|ly super
awesome amazing|ly amaze|s|d wonderful|ly wonder|s wondrous marvelous|ly marvellous marvel|s outstanding|ly
perfect|ly perfection brilliant|ly brilliance magnificent|ly splendid|ly fabulous|ly phenomenal|ly extraordinary
extraordinarily exceptional|ly incredible incredibly spectacular|ly stellar sublime|ly divine|ly heavenly
glorious|ly fine|st finely nice|r|st|ly decent|ly solid|ly worthy worthwhile worth favorite|s favourite|s ideal|ly
top-notch topnotch first-rate world_class second_to_none masterpiece|s masterful|ly masterly mastery classic|s gem|s
treasure|s|d winner|s winning triumph|s|ant triumphantly success|es successful|ly succeed|s|ed ace flawless|ly
impeccable impeccably faultless|ly unforgettable memorable memorably remarkable remarkably impressive|ly
impress|es|ed stunning|ly stun|s breathtaking|ly astonishing|ly astonish|es|ed astounding|ly mesmerizing mesmerising
mesmerize|s|d love|s|d lovable lovely loveliest adore|s|d adorable adorably likable likeable enjoy|s|ed|ing|able
enjoyably enjoyment delight|s|ed|ful|fully please|d pleases pleasing|ly pleasant|ly pleasure|s pleasurable
appeal|s|ing appealed appreciate|s|d appreciation admire|s|d admirable admirably admiration praise|s|d
recommend|s|ed|able recommendation thank|s|ful|ed thankfully grateful|ly glad|ly happy happier happiest happily
happiness joy|s|ous|ful joyously cheerful|ly cheer|s|ed merry jolly content|ed satisfied satisfy satisfying|ly
satisfaction satisfactory excited excite|s exciting|ly excitement thrill|s|ed|ing thrillingly fun funny funnier
funniest hilarious|ly hilarity humor humour humorous|ly wit|s witty wittily wittiest comical amuse|s|d amusing|ly
amusement laugh|ed|ing laughter laugh_out_loud crack_up cracks_up giggle|s entertain|s|ed|ing entertainment
entertainingly playful|ly charm|s charming|ly charmer endearing|ly delicate|ly sweet|est sweetness sweetly
heartwarming heartfelt touching|ly touched moving|ly moved poignant|ly poignancy tender|ly tenderness warm|ly warmth
warmhearted uplifting uplift|s inspire|s|d inspiring|ly inspiration|al engaging|ly engage|s|d engrossing absorbing
absorb|s|ed gripping|ly grip|s riveting rivet|s compelling|ly captivating|ly captivate|s|d enchanting|ly
enchant|s|ed fascinating|ly fascinate|s|d fascination intriguing|ly intrigue|s|d interesting|ly interest|ed hypnotic
suspenseful thoughtful|ly insightful|ly insight|s thought-provoking provocative|ly intelligent|ly intelligence
smart|er|est|ly clever|ly|ness cleverest inventive|ly inventiveness imaginative|ly imagination creative|ly
creativity original|ity ingenious|ly ingenuity innovative refreshing|ly refresh|ed fresh|ness freshest freshly
unique|ly daring|ly bold|ly ambitious|ly powerful|ly potent|ly profound|ly richness resonant resonate|s nuanced
subtle subtly subtlety sensitive|ly sensitivity honest|ly honesty sincere|ly sincerity authentic|ally authenticity
believable believably convincing|ly credible credibly realistic|ally beautiful|ly beauty gorgeous|ly pretty
elegant|ly elegance graceful|ly grace stylish|ly exquisite|ly attractive|ly handsome|ly picturesque lush|ly vivid|ly
vibrant|ly colorful|ly colourful dazzling|ly dazzle|s|d lyrical|ly poetic|ally lively exuberant|ly exuberance
energetic|ally zesty zest spirited sparkling sparkle|s crisp|ly sharp|ly taut|ly tight|ly polished well-made
well_done well_acted well_written well_crafted well_worth well_played skillful|ly skilled skill|s talented talent|s
gifted accomplished deft|ly adept|ly expert|ly effective|ly efficient|ly efficiency capable capably competent|ly
strong|er|est|ly strength|s superior fluent|ly fluid|ly smooth|ly seamless|ly effortless|ly fast|er|est
quick|er|est|ly prompt|ly speedy punctual timely on_time convenient|ly convenience handy easy easier easiest easily
useful|ly usefulness helpful|ly help|s|ed friendly friendliness friendliest kind|ly kindness polite|ly courteous|ly
attentive|ly generous|ly generosity caring welcoming hospitable respectful|ly professional|ly professionalism
reliable reliably reliability sturdy durable robust dependable trustworthy accurate|ly precise|ly comfortable
comfortably comfort|s comforting|ly cozy cosy spacious tidy clean|ly|est spotless quiet|ly peaceful|ly relaxing
relaxed safe|ly affordable reasonable reasonably bargain|s good_value value_for_money inexpensive delicious|ly tasty
tastier tastiest yummy scrumptious mouthwatering flavorful flavourful juicy succulent savory savoury crunchy
appetizing aromatic fragrant hearty well_cooked rewarding|ly reward|s|ed wholesome healthy optimistic confident|ly
confidence proud|ly pride brave|ly courage courageous lucky luckily fortunate|ly blessed bless blessing|s bliss|ful
ecstatic elated euphoric overjoyed wow woohoo yay bravo hooray kudos hats_off thumbs_up must_see must_have must_read
worth_seeing worth_watching worth_it pay_off pays_off paid_off works_well blown_away blew_me_away can't_wait
ca_n't_wait cannot_wait highlight|s standout|s stand_out stands_out cool|est epic legendary iconic sexy sizzling
irresistible irresistibly addictive hooked magical|ly magic dreamy transcendent transcend|s exhilarating|ly
exhilarate|s electrifying invigorating tasteful|ly sensational|ly acclaimed celebrated celebrate|s deserve|s|d
deserving improved improve|s improvement|s benefit|s advantage|s flattering wise|ly wisdom humane|ly compassion|ate
compassionately affection|ate affectionately gentle gently passionate|ly passion eloquent|ly coherent|ly lucid|ly
fulfilling fulfil|s|led buoyant breezy feel-good feelgood no_complaints no_problem|s no_regrets not_bad_at_all
couldn't_be_better nothing_but_praise like_a_charm five_stars 5_stars i_like we_like really_like liked likes like_it
like_this_movie like_this_film like_that_movie deeply_felt rich richly deep_and on_the_edge_of_my_seat
edge_of_your_seat
"""

BAD_EN = """
bad badly worse worst worsen|s|ed awful|ly awfulness terrible terribly horrible horribly horrid horrendous|ly
atrocious|ly abysmal|ly appalling|ly dreadful|ly lousy crappy crap shitty shit suck|s|ed sucky sucks_at rubbish
trash|y garbage junk|y poor|ly poorer poorest inferior subpar mediocre mediocrity substandard second-rate third_rate
shoddy cheap|ly tacky tawdry pathetic|ally pitiful|ly pitiable miserable miserably misery lame|ly lamest laughable
laughably ridiculous|ly absurd|ly ludicrous|ly preposterous|ly silly silliest stupid|ly stupidity stupidest
dumb|er|est idiotic idiot|s moronic moron|s asinine brainless mindless|ly senseless|ly foolish|ly inane insipid
vapid vacuous shallow|ly superficial|ly trivial hollow empty emptiness pointless|ly meaningless useless|ly worthless
needless|ly unnecessary unnecessarily futile boring|ly bore|s|d boredom dull|ness dullest dully tedious|ly tedium
tiresome|ly tired tiring monotonous|ly dreary drearily drab bland|ly lifeless|ly listless|ly lethargic sluggish|ly
plodding|ly plod|s slow|er|est|ly slowness drag|s|ged dragging draggy overlong too_long interminable interminably
endless|ly long-winded ponderous|ly turgid leaden wooden stiff|ly flat flatly fall_flat falls_flat fell_flat stale
staleness trite cliche|s|d cliché|s|d hackneyed derivative formulaic predictable predictably predictability
unoriginal rehash|es|ed rip-off ripoff ripped_off knockoff uninspired uninspiring unimaginative uninteresting
unfunny unamusing humorless humourless unengaging unconvincing|ly unbelievable implausible implausibly
unrealistic|ally contrived contrivance|s forced fake phony phoney false|ly insincere artificial|ly manipulative
manipulate|s pretentious|ly pretension|s pretense pompous|ly preachy self-indulgent indulgent smug|ly arrogant|ly
arrogance annoying|ly annoy|s|ed annoyance irritating|ly irritate|s|d irritation aggravating grating obnoxious|ly
insufferable insufferably unbearable unbearably intolerable unwatchable painful|ly pain|s agony agonizing
excruciating|ly torture|d torturous torment cringe|d cringeworthy cringy embarrassing|ly embarrass|ed embarrassment
awkward|ly clumsy clumsily clunky inept|ly ineptitude incompetent|ly incompetence amateurish|ly sloppy sloppily
messy mess|es messed muddled muddle|s incoherent|ly disjointed confusing|ly confused confuse|s confusion convoluted
incomprehensible unintelligible chaotic murky disappoint|s|ed|ing disappointingly disappointment|s letdown let_down
lets_down underwhelming underwhelmed unsatisfying unsatisfied unsatisfactory dissatisfied dissatisfaction
dissatisfying unhappy unhappily sad|ly sadness sadder saddest gloomy depressing|ly depressed depress|es upset
upsetting disgust|s|ed|ing disgustingly revolting repulsive repellent repugnant gross nasty nastily nastiness vile
vulgar|ly crude|ly crass tasteless|ly distasteful offensive|ly offend|s|ed insult|s|ed|ing insultingly rude|ly
rudeness rudest impolite disrespectful|ly unfriendly unhelpful unprofessional|ly hostile careless|ly carelessness
neglect|ed lazy lazily laziness sleepy sleep-inducing fell_asleep fall_asleep falling_asleep yawn|s snooze hate|s|d
hating hateful hatred dislike|s|d detest|s|ed despise|s|d loathe|s|d loathing loathsome regret|s|ted regrettable
regrettably complain|s|ed|ing complaint|s angry angrily anger|ed furious|ly outraged outrageous|ly outrage
frustrate|s|d frustrating|ly frustration infuriating maddening hurt|s hurtful harm|s|ful damage|d damaging broken
broke break|s breakage defective defect|s faulty fault|s flaw|s|ed error|s mistake|s mistaken wrong|ly problem|s
problematic trouble|s|d troublesome issue|s glitch|es glitchy bug|s buggy crash|es|ed fail|s|ed|ing failure|s
disaster|s disastrous|ly catastrophe catastrophic fiasco debacle flop|s bomb|s|ed dud stinker stink|s stank stinky
smelly smelled reek|s rotten rot spoiled spoilt moldy mouldy rancid sour soggy greasy oily burnt overcooked
undercooked salty inedible unappetizing gristly dirty dirtiest filthy filth grimy unclean unhygienic stained noisy
uncomfortable uncomfortably cramped crowded inconvenient inconvenience unreliable flimsy fragile leak|s|ed|ing leaky
late delayed delay|s overdue overpriced pricey expensive|ly costly waste|s|d wasting wasteful waste_of_time
waste_of_money money_back time_back scam|s scammed fraud fraudulent cheat|s|ed cheating liar lie|s lied dishonest|ly
deceptive misleading mislead|s misled refund refunded unfortunate|ly unlucky shame shameful|ly shameless|ly
disgrace|ful disgracefully ugly ugliness ugliest hideous|ly unattractive unappealing unpleasant|ly unpleasantness
unlikable unlikeable unsympathetic unwelcome grim|ly bleak|ly creepy weird|ly ill-conceived ill-advised misguided
misfire|s misfired misconceived miscast misses_the missed_the botched butchered bungled ruin|s|ed|ing wreck|ed
weak|er|est|ly weakness|es feeble feebly thin|ly flabby bloated overblown overwrought overdone overacted overacting
overrated hammy cheesy corny sappy maudlin mawkish|ly sentimentality saccharine sugary melodramatic schmaltzy soppy
unremarkable forgettable unmemorable ordinary pedestrian run-of-the-mill so-so meh blah yuck yucky ugh eww sigh
nonsense nonsensical bullshit bs gibberish drivel tripe dreck schlock dross claptrap gimmicky gimmick|s exploitative
cynical|ly mean-spirited cruel|ly cruelty brutal|ly sick|ening sickeningly nauseating nausea nauseous vomit puke
awkwardness horrifying horrified nightmare|s hell hellish damn damned godawful god-awful heavy-handed excessive|ly
excess stuffy soulless heartless joyless charmless graceless witless toothless bloodless spineless aimless|ly
half-baked half-hearted inadequate|ly insufficient|ly incomplete lack|s|ed|ing lackluster lacklustre lazy_writing
unfair|ly ineffective ineffectual irrelevant inappropriate|ly inexcusable unforgivable unacceptable disgruntled
suffer|s|ed suffering struggle|s|d strain|ed numbing mind-numbing repetitive repetitious redundant choppy jarring|ly
stilted unwieldy worried worry worries worrying scared afraid nervous lonely hopeless|ly helpless|ly worn_out
run_down gave_up walk_out walked_out walking_out thumbs_down stay_away steer_clear avoid|ed one_star 1_star
never_again not_worth bored_to_death out_of_stock at_best downhill goes_nowhere going_nowhere goes_downhill
nothing_new could_have_been should_have_been falls_short fall_short fell_short makes_no_sense make_no_sense
made_no_sense doesn't_work does_n't_work didn't_work did_n't_work doesn't_make_sense no_fun no_good wish_i_had
don't_like do_n't_like didn't_like did_n't_like doesn't_like dont_like duds
"""

GOOD_ZH = """
好 好吃 好喝 好味 好评 好用 好看 好玩 好听 好闻 好香 好心 好棒 还好 太好了 良好 美好 友好 完好 好极了 好得很 棒 棒棒
棒极了 赞 点赞 大赞 赞一个 给力 厉害 牛逼 优秀 优良 优质 卓越 出色 出众 杰出 精彩 精美 精致 精良 精细 完美 完善 极品
上乘 上等 一流 一级棒 顶级 顶呱呱 没得说 没话说 无可挑剔 不错 还不错 错不了 没问题 没毛病 无敌 绝了 惊艳 惊喜 满意
满足 合格 合适 合口味 合胃口 对味 可口 可以 还可以 还行 行 过关 及格 达标 靠谱 放心 安心 省心 舒心 贴心 用心 细心
耐心 热心 热情 热忱 热乎 热乎乎 热腾腾 热气腾腾 温暖 温馨 暖心 亲切 和气 和蔼 礼貌 有礼貌 客气 周到 体贴 负责 认真
敬业 专业 勤快 辛苦 辛苦了 感谢 谢谢 多谢 谢了 感恩 感激 感动 喜欢 最爱 爱 爱吃 爱上 喜爱 钟爱 热爱 可爱 亲爱 心爱
享受 开心 高兴 快乐 愉快 愉悦 幸福 欣慰 欢喜 欢乐 惬意 舒服 舒适 舒畅 爽 爽口 爽快 爽滑 过瘾 痛快 解馋 解渴 美 美味
美滋滋 美丽 漂亮 鲜 鲜美 鲜嫩 鲜香 新鲜 香 香喷喷 香甜 香浓 香脆 喷香 浓郁 浓香 浓稠 醇厚 醇香 纯正 正宗 地道 入味
够味 有味道 有滋味 脆 酥脆 酥 香酥 松软 软糯 糯 q弹 弹牙 劲道 筋道 有嚼劲 嫩 滑嫩 细嫩 多汁 细腻 清爽 清香 甜美
香甜可口 开胃 下饭 适中 正好 刚好 恰到好处 均匀 营养 健康 卫生 干净 整洁 清洁 安全 环保 包装好 严实 密封好 快 飞快
快速 快捷 迅速 神速 速度快 及时 准时 按时 守时 提早 准点 早到 高效 效率高 方便 便捷 便利 省事 省力 省时 划算 实惠
便宜 物美价廉 物超所值 值 值得 值了 性价比高 优惠 合算 划得来 良心 公道 合理 实在 实诚 厚道 诚信 诚实 量足 量大
分量足 份量足 料足 足量 足料 大份 管饱 吃饱 够吃 饱饱 丰盛 充足 齐全 多样 推荐 强推 力荐 强烈推荐 安利 力挺 信赖
信任 信得过 回头客 回购 还会再来 还会来 还会点 还会买 下次还 再次光顾 常来 老顾客 五星 满分 百分百 100分 大爱 么么哒
哈哈 嘻嘻 耶 哇塞 加油 稳定 结实 耐用 牢固 高端 高档 高级 时尚 上档次 有创意 新颖 独特 经典 特色 一绝 首选 棒棒哒 萌
帅 帅气 聪明 灵活 流畅 顺利 顺畅 顺口 顺手 明亮 宽敞 安静 优雅 幽默 有趣 有意思 搞笑 好笑 深刻 震撼 感人 动人 温柔
真诚 真心 善良 进步 改进 提升 成功 幸运 庆幸 期待 值得一试 百吃不厌 吃不腻 回味 回味无穷 意犹未尽 名不虚传 口碑 人气
火爆 热销 称赞 赞赏 表扬 夸 夸奖 佩服 心满意足 喜出望外 无微不至 笑容 微笑 受欢迎 好人 丰富 暖暖 暖胃 大气 真牛 支持
再来一次
"""

BAD_ZH = """
不怎么样 不咋地 不咋的 不能接受 无法接受 缺乏 坏 坏了 差 差劲 差评 差极了 烂 破 破烂 破损 破了 糟 糟糕 糟心 糟透
垃圾 渣 渣渣 坑 坑人 坑爹 被坑 黑心 黑店 无良 骗 骗人 骗子 欺骗 欺诈 受骗 上当 诈骗 忽悠 糊弄 敷衍 应付 虚假 假 假货
假冒 山寨 劣质 伪劣 次品 残次 低劣 难吃 难喝 难闻 难看 难受 难过 难听 难用 难以下咽 难咽 咽不下 吃不下 没法吃 不能吃
没胃口 倒胃口 扔了 恶心 反胃 想吐 吐了 呕吐 作呕 拉肚子 腹泻 肚子疼 肚子痛 闹肚子 吃坏 中毒 过期 变质 变味 馊 馊了
馊味 发霉 霉 腐烂 臭 臭味 腥 腥味 异味 怪味 苦 发苦 涩 糊 糊了 焦 焦了 烤焦 夹生 半生不熟 没熟 没煮熟 没炸熟 生的 硬
硬邦邦 干巴巴 太干 柴 太老 咬不动 嚼不动 坨 坨了 粘成一坨 软塌塌 烂糊 咸 齁 齁咸 齁死 淡 没味道 没味 无味 寡淡 平淡
清汤寡水 油腻 太油 油乎乎 腻 太甜 太辣 太酸 凉了 凉透 冰凉 冷 冷了 冷冰冰 冷掉 不热 不温不火 慢 慢死 慢吞吞 慢得 迟
迟到 迟迟 晚 晚了 晚到 延误 延迟 耽误 拖延 拖拉 磨蹭 超时 久 好久 等了 等半天 催 催单 催了 送错 漏送 漏单 少送 没送
不送 漏 漏了 漏掉 漏餐 洒 洒了 洒出 撒了 撒出 全洒 溢出 压扁 压坏 碎 碎了 散了 变形 少了 太少 量少 量小 份量少
分量少 偷工减料 缩水 不够 不足 缺 缺少 缺失 缺斤少两 贵 昂贵 涨价 乱收费 多收 浪费 浪费钱 浪费时间 白花 亏 亏了 脏
脏兮兮 肮脏 头发 虫子 虫 小虫 苍蝇 蟑螂 乱 乱七八糟 杂乱 混乱 吵 嘈杂 拥挤 简陋 破旧 陈旧 失望 大失所望 失落 遗憾
可惜 后悔 懊悔 郁闷 无语 无奈 无聊 无趣 乏味 枯燥 沉闷 生气 气愤 气死 愤怒 恼火 火大 发火 窝火 烦 烦人 烦躁 心烦
麻烦 讨厌 厌恶 反感 鄙视 恨 痛苦 伤心 心寒 寒心 悲伤 悲哀 悲剧 委屈 害怕 担心 尴尬 不悦 不敢恭维 不敢再 不会再
不再 再也不 再也不来 再也不会 再不 不想再 不建议 不如 不像话 不理 不讲理 不耐烦 不尊重 态度差 态度恶劣 恶劣
恶心死 粗鲁 粗暴 蛮横 凶 骂 骂人 辱骂 吼 吵架 冷漠 冷淡 傲慢 嚣张 拽 无礼 无理 爱理不理 推卸 推脱 推诿 投诉 举报
抗议 维权 曝光 退款 退货 退单 退钱 拒收 赔偿 抱怨 吐槽 埋怨 指责 毛病 故障 错 错了 搞错 弄错 发错 做错 错误 失误
失败 缺点 缺陷 瑕疵 漏洞 疏忽 粗心 马虎 粗糙 潦草 一般 马马虎虎 凑合 将就 勉强 普通 普普通通 平庸 平平 中规中矩 鸡肋
没意思 没劲 没诚意 没人接 没人理 打不通 联系不上 找不到 不接电话 坑货 奇葩 奇怪 离谱 过分 可恶 可恨 可气 可怕 可怜
恐怖 吓人 吓死 惨 惨不忍睹 倒霉 倒闭 晕 晕死 呸 妈的 他妈的 卧槽 我去 蠢 笨 傻 傻逼 白痴 脑残 弱智 丑 丑陋 水货 糟蹋
毁 毁了 崩溃 受不了 忍不了 忍无可忍 无法忍受 避雷 踩雷 拔草 拉黑 黑名单 慎点 慎入 慎选 别点 别买 别来 千万别 一星
零蛋 负分 0分 降低 退步 变差 越来越差 一次不如一次 大不如前 名不副实 徒有虚名 差得 敷衍了事 塞牙 卡顿 死机 失真 模糊
褪色 掉色 开裂 裂了 划痕 刺鼻 漏水 生锈 假的 货不对板 不符 不一致 实物不符 图文不符 凉 有问题 零分 等半个 一般般
呵呵 弱爆 最后一次
"""

# What turns a mood round. Some are listed above too: "lacks charm" has two moods, both bad.
NOT_EN = """
not no never none nothing nobody neither nor cannot cant can't n't without hardly barely scarcely rarely seldom less
least isn't aren't wasn't weren't don't doesn't didn't won't wouldn't shouldn't couldn't haven't hasn't hadn't ain't
mustn't needn't isnt arent wasnt werent dont doesnt didnt wont wouldnt shouldnt couldnt havent hasnt hadnt aint
far_from free_of instead_of anything_but lack lacks lacked lacking fail fails failed devoid_of nowhere_near
no_longer
"""
NOT_ZH = """
不 没 没有 别 无 未 未必 莫 勿 不是 并不 并非 不算 不大 不能 不会 不要 不该 没什么 没那么 没有那么 没多 不那么
不怎么 没怎么 毫不 毫无 从不 从没 非 谈不上 算不上 称不上 少有 缺乏 缺少 不够 沒 沒有
"""
NOT_AT_ALL = """
not_only not_just not_merely not_to_mention no_doubt no_wonder no_matter 不仅 不但 不光 不只 不止 不得不
"""

VERY_EN = """
very really so too extremely absolutely totally completely utterly truly quite pretty incredibly amazingly
remarkably exceptionally extraordinarily highly deeply super such most particularly especially terribly awfully
insanely seriously thoroughly entirely genuinely damn fucking freaking ridiculously unbelievably painfully downright
hugely immensely
"""
VERY_ZH = """
很 非常 太 特别 超 超级 超极 极 极其 极度 极为 十分 相当 最 更 更加 真 真的 真是 真心 实在是 好 挺 蛮 巨 贼 老 特 忒
格外 异常 尤其 无比 如此 这么 那么 多么 完全 简直 简直太 超超 狠 死 够
"""

# Where a sentence turns, no word reaches over.
TURN = "but however although though yet except while . ; ! ? ... , 。 但 但是 可是 不过 然而 只是 却 就是"

# Words that hold one of those above and mean something else, or nothing.
NEITHER = """
good_morning good_night good_bye like_this like_that like_a like_the like_an like_to as_well a_great_deal great_deal
kind_of sort_of worst_of_all at_least at_most at_last most_of so_that so_far so_much so_many too_much no_one
best_friend look_like looks_like looked_like feel_like feels_like felt_like seem_like seems_like seemed_like
sounds_like just_like something_like stuff_like things_like would_like i'd_like you_like pretty_much fine_dining
fast_food fast_forward super_hero super_bowl love_story love_stories fun_fact help_but in_fact late_night cool_down
raw_material not_a_problem horror_movie 好像 好几 好多 好些 好友 好意思 不好意思 爱好 只好 好歹 好奇 好不容易 好的
你好 您好 差不多 差点 差一点 出差 差别 差异 快递 快餐 快点 快要 快乐堡 凉皮 凉菜 凉面 凉拌 凉粉 冷面 冷饮 香菜 香肠
香菇 香蕉 香港 香草 香油 香料 美团 美国 美食 美女 美式 鲜奶 鲜花 臭豆腐 苦瓜 酥饼 牛肉 牛奶 牛排 牛腩 牛杂 肥牛 牛筋
牛油 牛柳 牛蛙 牛河 牛丸 牛百叶 咸菜 咸蛋 咸鱼 硬币 假期 放假 请假 假如 假装 爱人 爱情 行业 银行 行人 进行 执行 自行
行为 流行 值班 价值 坑位 破费 晚上 晚饭 晚餐 今晚 昨晚 晚点 早晚 每晚 当晚 多久 不久 久等 凉茶 漏斗 土豆 土司 吐司
土鸡 顶多 头顶 屋顶 卡通 卡片 会员卡 刷卡 错过 无论 无所谓 无糖 别人 别的 别家 特别是 区别 级别 个别 告别 性别 分别
不同 不知 不知道 不论 不管怎样 老板 老公 老婆 老师 老人 老家 太太 死了 未来 非洲 真的吗 更新 更换 极速 超市 超人
特价 特色菜 特地 特意 最近 最后 那么多 这么多 怪兽 可以的话
"""

LISTS = {
    "good": (GOOD_EN, GOOD_ZH),
    "bad": (BAD_EN, BAD_ZH),
    "not": (NOT_EN, NOT_ZH),
    "very": (VERY_EN, VERY_ZH),
    "turn": (TURN,),
    "": (NEITHER, NOT_AT_ALL),
}
