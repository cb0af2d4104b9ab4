"""The prose of a made-up report, and which figures it states."""

import random
from collections.abc import Mapping

NOTICE = "本报告由程序生成，供软件测试使用，所载单位、数字均属虚构。"

_REQUESTS = (
    "{year}年，共收到政府信息公开申请{new}件，上年结转{carried_in}件。全年共办结{handled}件，其中予以公开和部分公开"
    "{granted}件，不予公开{denied}件，无法提供{unavailable}件，不予处理{not_processed}件，其他处理{other}件；"
    "结转下年度继续办理{carried_out}件。",
    "{year}年度，本机关新收政府信息公开申请{new}件，上年度结转{carried_in}件，共办结{handled}件。其中，予以公开和部分公开"
    "{granted}件，不予公开{denied}件，无法提供{unavailable}件，不予处理{not_processed}件，其他处理{other}件。"
    "结转下年度继续办理{carried_out}件。",
)
_DISPUTES = "信息公开类行政复议{review}件，行政诉讼{lawsuits}件。"
_PARAGRAPHS = (
    "本机关认真贯彻落实政府信息公开条例，坚持以公开为常态、不公开为例外，围绕中心工作，加强政策解读，主动回应社会关切，政府信息公开"
    "工作的制度化、规范化水平进一步提高，群众的知情权、参与权和监督权得到较好保障。",
    "严格执行公开属性源头认定和发布前审查制度，明确主动公开的范围、时限和责任，做到应公开尽公开，重要文件在印发之后及时上网，"
    "并同步发布解读材料，方便群众查阅和理解。",
    "健全依申请公开的登记、审核、办理、答复、归档制度，规范答复文书格式，加强与申请人的沟通，注重从源头上减少争议，"
    "依法保障公民、法人和其他组织获取政府信息的权利。",
    "加强政府信息管理，定期对已公开的文件进行清理，对失效的文件及时作出标注，完善检索和下载功能，保证所公开的信息准确、完整、"
    "便于利用，并做好历史文件的数字化整理。",
    "加强政府网站和政务新媒体建设，优化栏目设置，落实信息发布审核责任，及时处理错链和断链，提高内容质量，"
    "推动线上线下融合，为群众提供更加便捷的信息服务。",
    "将政务公开纳入年度考核，定期开展检查，对发现的问题及时督促整改，组织业务培训，提高工作人员的能力和水平，"
    "未发生因违反规定造成严重后果的情形。",
    "围绕优化营商环境，集中公开办事指南、收费目录和服务标准，做好重点领域信息公开，及时发布财政预决算、重大建设项目、"
    "公共资源配置和社会公益事业建设等方面的信息，接受社会监督。",
    "围绕民生关切，做好教育、医疗、就业、养老、住房保障等方面的信息公开，通过新闻发布、在线访谈等形式解读政策，"
    "听取群众的意见和建议，推动问题解决。",
    "落实行政规范性文件制定和公开的要求，严格履行公开征求意见、合法性审查、集体讨论决定等程序，建立台账，统一登记、统一编号、"
    "统一印发，并按照规定的时限在门户网站集中公开，方便群众查询和监督，为依法行政打下良好的基础。",
    "按照权责清单和公共服务事项目录，及时调整并公开本机关的职能、机构设置、办公地址、办公时间、联系方式和负责人姓名，"
    "做到内容完整、更新及时、查找方便，让群众找得到、看得懂、用得上。",
    "加强行政执法信息公示，明确公示的主体、内容、载体和时限，主动公开执法依据、执法程序、监督方式和救济渠道，"
    "规范执法行为，提高执法的透明度和公信力，促进严格规范公正文明执法。",
    "推进基层政务公开标准化规范化建设，编制事项目录，完善办事流程，在政务服务大厅设立查阅场所，配备必要的设施和工作人员，"
    "为群众提供查询、咨询和办理的便利，推动公开工作向基层延伸。",
    "完善信息发布的审核机制，坚持先审查后公开、一事一审，明确审核的责任和流程，加强对个人隐私、商业秘密和国家秘密的保护，"
    "防止不当公开，确保信息发布安全、准确、权威。",
    "加强与新闻媒体和社会各界的沟通联系，畅通群众留言、电子邮箱、热线电话等互动渠道，认真办理群众的诉求，做到件件有着落、"
    "事事有回音，不断提高群众的满意程度和获得感。",
    "强化队伍建设，明确分管负责同志和工作机构，配备专人负责日常工作，组织学习有关法律法规和政策文件，交流经验做法，"
    "通过集中授课、案例讲解等方式，提高工作人员的政策水平和业务能力。",
    "严格落实监督保障措施，把政府信息公开工作列入重要议事日程，定期研究部署，定期通报情况，对工作不力、问题突出的及时提醒，"
    "限期整改，形成一级抓一级、层层抓落实的工作格局。",
)
_PROBLEMS = (
    "一是公开的主动性有待增强，个别科室对公开工作的认识不够到位；二是政策解读的形式比较单一，图解和视频解读较少；"
    "三是工作人员岗位变动较多，业务能力有待提高。",
    "下一步，将加强组织领导，完善工作制度，丰富解读形式，开展业务培训，加大督查力度，不断提高政府信息公开工作的质量和水平。",
)

COUNTS = {
    "new": ("requests:new/total",),
    "carried_in": ("requests:carried_in/total",),
    "handled": ("requests:handled/total",),
    "granted": ("requests:granted/total", "requests:partly_granted/total"),
    "denied": ("requests:denied.",),
    "unavailable": ("requests:unavailable.",),
    "not_processed": ("requests:not_processed.",),
    "other": ("requests:other",),
    "carried_out": ("requests:carried_out/total",),
    "review": ("disputes:review/total",),
    "lawsuits": ("disputes:direct/total", "disputes:after_review/total"),
}
"""What each figure of the prose counts: names of cells, or their beginnings."""
SHORT = f"一、总体情况\n（二）依申请公开情况\n{_REQUESTS[0]}\n{_DISPUTES}\n"
"""A prose of nothing but figures, each a place to fill in, and the year."""


def figures(cells: Mapping[str, int]) -> dict[str, int]:
    """The figures that the prose states, summed from the cells."""
    totals = {name: value for name, value in cells.items() if name.endswith("/total")}
    return {
        figure: sum(value for name, value in totals.items() if name.startswith(prefixes))
        for figure, prefixes in COUNTS.items()
    }


def sections(rng: random.Random, year: int, told: Mapping[str, int]) -> list[list[str]]:
    """The paragraphs of sections 一, 五 and 六 with those figures; those in brackets are subheadings."""
    words = {key: str(value) for key, value in told.items()} | {"year": str(year)}
    general = rng.sample(_PARAGRAPHS, rng.randint(9, len(_PARAGRAPHS)))
    first = [
        f"{year}年，{general[0]}",
        "（一）主动公开情况",
        *general[1:5],
        "（二）依申请公开情况",
        rng.choice(_REQUESTS).format(**words),
        _DISPUTES.format(**words),
        "（三）政府信息管理情况",
        *general[5:],
    ]
    last = [NOTICE, "没有其他需要报告的事项。"]
    return [first, list(_PROBLEMS), last]
