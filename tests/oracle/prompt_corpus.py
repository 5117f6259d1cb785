"""Prompts in ten scripts, and a little text to train a small SentencePiece model on. All words are ours; a seed chooses them."""
import random

# Per script: subjects, what they do or where they are, how the picture looks.
SCRIPTS = {
    "latin": (
        ["a red fox", "an old sailor", "two dancers", "un chat noir", "eine alte Brücke", "la niña feliz", "o gato preguiçoso", "żółta łódź"],
        ["running through fresh snow", "under a stormy sky", "au bord de la mer", "im Nebel am Morgen", "en la plaza vacía", "na ulici po deszczu"],
        ["oil painting", "35 mm film, soft light", "aquarelle légère", "Tuschezeichnung", "estilo acuarela", "ink & wash, 4k"],
    ),
    "cyrillic": (
        ["рыжая лиса", "старый моряк", "две танцовщицы", "чёрный кот", "дівчинка в полі", "паравоз у лесе"],
        ["бежит по свежему снегу", "под грозовым небом", "на берегу моря", "в утреннем тумане", "на пустой площади"],
        ["картина маслом", "мягкий свет, плёнка", "акварель", "рисунок тушью"],
    ),
    "greek": (
        ["μια κόκκινη αλεπού", "ένας γέρος ναυτικός", "δύο χορεύτριες", "μια μαύρη γάτα"],
        ["τρέχει στο φρέσκο χιόνι", "κάτω από καταιγίδα", "δίπλα στη θάλασσα", "μέσα στην πρωινή ομίχλη"],
        ["ελαιογραφία", "απαλό φως", "ακουαρέλα", "σχέδιο με μελάνι"],
    ),
    "arabic": (
        ["ثعلب أحمر", "بحار عجوز", "راقصتان", "قطة سوداء"],
        ["يركض في الثلج", "تحت سماء عاصفة", "على شاطئ البحر", "في ضباب الصباح"],
        ["لوحة زيتية", "ضوء ناعم", "ألوان مائية", "رسم بالحبر"],
    ),
    "hebrew": (
        ["שועל אדום", "ימאי זקן", "שתי רקדניות", "חתול שחור"],
        ["רץ בשלג", "תחת שמיים סוערים", "ליד הים", "בערפל הבוקר"],
        ["ציור שמן", "אור רך", "צבעי מים", "רישום בדיו"],
    ),
    "devanagari": (
        ["लाल लोमड़ी", "बूढ़ा नाविक", "दो नर्तकियाँ", "काली बिल्ली"],
        ["बर्फ में दौड़ती हुई", "तूफानी आकाश के नीचे", "समुद्र के किनारे", "सुबह के कोहरे में"],
        ["तैल चित्र", "कोमल प्रकाश", "जलरंग", "स्याही का चित्र"],
    ),
    "thai": (
        ["สุนัขจิ้งจอกสีแดง", "กะลาสีชรา", "นักเต้นสองคน", "แมวดำ"],
        ["วิ่งในหิมะ", "ใต้ฟ้าพายุ", "ริมทะเล", "ในหมอกยามเช้า"],
        ["ภาพสีน้ำมัน", "แสงนุ่ม", "สีน้ำ", "ภาพวาดหมึก"],
    ),
    "han": (
        ["一只红狐狸", "年老的水手", "两个舞者", "一只黑猫"],
        ["在新雪中奔跑", "在暴风雨的天空下", "在海边", "在清晨的雾里"],
        ["油画", "柔和的光线,电影感", "水彩画", "水墨画"],
    ),
    "kana": (
        ["赤いキツネ", "年老いた船乗り", "ふたりの踊り子", "くろいネコ"],
        ["新雪の中を走る", "嵐の空の下で", "海辺にて", "朝もやの中"],
        ["油絵", "やわらかな光、フィルム風", "水彩画", "墨絵"],
    ),
    "hangul": (
        ["빨간 여우", "늙은 선원", "두 무용수", "검은 고양이"],
        ["눈 속을 달리는", "폭풍우 하늘 아래", "바닷가에서", "아침 안개 속"],
        ["유화", "부드러운 빛, 영화처럼", "수채화", "수묵화"],
    ),
}

# What must come out of the cleaning and the model's own normalisation as it does elsewhere.
ODDITIES = [
    "Tom &amp; Jerry", "&lt;b&gt;bold&lt;/b&gt; look", "caf&eacute; &amp;amp; bar", "&#233;t&#xE9; &#128; 5", "fish &copy 2020 &notit; done",
    "“curly” and ‘single’ quotes", "tabs\tand\nlines\r\n  and   runs", "\u3000wide\u3000spaces\u00a0here ", "e\u0301 combining, ｆｕｌｌ ｗｉｄｔｈ", "ﬁne ﬂoor ½ cup №5",
    "zero\u200bwidth and \ufeffmark", "emoji 🦊 and 👩‍🎨", "", "   ", "under_score ▁ bar", "bell\x07 and \x1b[31mred\x1b[0m",
    "R&D, AT&T; a&b", "line\u2028separator\u2029end", "１２３ ㎏ ℃ ™", "ℌello ⅳ ﷺ",
]


def sentence(script, chooser):
    subjects, places, looks = SCRIPTS[script]
    parts = [chooser.choice(subjects), chooser.choice(places), chooser.choice(looks)]
    joint = chooser.choice([", ", " ", "; ", " – "])
    return joint.join(parts)


def prompts():
    """200 prompts: 18 of each script, and the oddities."""
    chooser = random.Random(7)
    return [sentence(script, chooser) for script in SCRIPTS for _ in range(18)] + ODDITIES


def training_lines():
    chooser = random.Random(8)
    return [sentence(script, chooser) for script in SCRIPTS for _ in range(120)]
