"""The English reviews: what can be said about a meal, a film, a hotel, ... and with which words.

In a pattern, {part} stands for one phrase of the list `part`, which may hold further names in braces. A name is
looked up in the subject and in GENERAL. Phrases early in a list are said more often than late ones, so that some words
are heard only seldom.
"""

SUBJECTS = {
    "meal": {
        "thing": "meal|lunch|dinner|supper|set menu|takeaway",
        "part": "soup|fish|rice|salad|curry|dessert|bread|gravy|omelette",
        "good": "delicious|tasty|fresh|well seasoned|tender|mouthwatering|fragrant",
        "bad": "cold|bland|greasy|stale|overcooked|inedible|salty|burnt",
        "fact": "comes with rice|is served at noon|has two courses|comes on one plate|takes ten minutes",
        "did": "ate here on Tuesday|shared one between two|ordered by telephone|sat near the door",
    },
    "film": {
        "thing": "film|movie|thriller|comedy|sequel|documentary",
        "part": "plot|acting|ending|music|dialogue|camera work|opening scene|villain|second half",
        "good": "gripping|moving|funny|clever|touching|thrilling|masterful",
        "bad": "boring|predictable|shallow|endless|silly|wooden|tedious|clumsy",
        "fact": "lasts two hours|is set in Spain|starts at eight|is based on a novel|has three parts",
        "did": "saw it on Friday|watched it with a friend|rented it for a day|read the book before",
    },
    "hotel": {
        "thing": "hotel|room|guest house|hostel|holiday flat|cabin",
        "part": "bed|breakfast room|bathroom|reception|carpet|lift|pool|corridor",
        "good": "clean|quiet|cosy|spacious|spotless|charming|luxurious",
        "bad": "dirty|noisy|cramped|damp|smelly|shabby|filthy|draughty",
        "fact": "is near the station|faces the street|is in the old town|includes breakfast|closes in winter",
        "did": "stayed two nights|arrived by train|booked it in March|slept on the fourth floor",
    },
    "phone": {
        "thing": "phone|laptop|tablet|camera|headset|printer",
        "part": "screen|battery|keyboard|sound|charger|case|microphone|software",
        "good": "fast|sharp|reliable|bright|sturdy|handy|ingenious",
        "bad": "slow|fragile|blurry|faulty|flimsy|sluggish|defective|scratchy",
        "fact": "weighs half a pound|comes in grey|has two buttons|charges overnight|runs on batteries",
        "did": "bought it in June|use it at work|replaced the old one|carry it in a bag",
    },
    "course": {
        "thing": "course|class|lecture|workshop|seminar|lesson",
        "part": "teacher|homework|textbook|first chapter|exam|group work|slide deck|tutor|timetable",
        "good": "clear|inspiring|helpful|lively|well prepared|thorough|enlightening",
        "bad": "confusing|dull|chaotic|rushed|outdated|monotonous|muddled|pointless",
        "fact": "runs for ten weeks|meets on Mondays|ends with a test|is for beginners|is held online",
        "did": "took it last spring|sat in the second row|did the exercises|signed up with a friend",
    },
    "clothes": {
        "thing": "coat|pair of boots|jacket|dress|backpack|raincoat",
        "part": "fit|colour|fabric|stitching|zip|lining|pocket|collar",
        "good": "elegant|comfortable|soft|solid|stylish|warm|impeccable",
        "bad": "ugly|torn|itchy|overpriced|stiff|careless|shoddy",
        "fact": "is made of wool|comes in a box|costs thirty pounds|is sold in three sizes|dries overnight",
        "did": "ordered it online|paid by card|tried it on twice|wore it on Sunday",
    },
}

GENERAL = {
    "good": "great|lovely|excellent|wonderful|perfect|brilliant|delightful|superb|fantastic|marvellous|splendid",
    "bad": "awful|terrible|poor|disappointing|horrible|bad|dreadful|useless|annoying|atrocious|miserable",
    "middling": "average|ordinary|acceptable|all right|standard|passable|middling|so so|unremarkable",
    "very": "really|very|so|truly|quite|simply|remarkably",
    "lead": "Honestly,|Well,|I must say,|All in all,|To be fair,|For us,|In the end,",
    "praise": "I loved it|it made my day|I would come back at once|we enjoyed every minute|it is worth every penny|"
    "I could not ask for more|I recommend it to everyone|I cannot complain|it won me over|hats off to them",
    "blame": "I want my money back|it ruined the day|never again|we regret it|it is a waste of money|"
    "I expected far better|stay away from it|I gave up on it|it let us down|I would not wish it on anyone",
    "shrug": "it does the job|nothing special|it is what you would expect|no more and no less|I have no strong opinion|"
    "it could go either way|I neither like nor dislike it|that is all there is to say|one gets what one pays for",
    "happy": "impressed|delighted|pleased|thrilled|charmed",
    "upset": "disappointed|annoyed|fed up|disgusted|let down",
    "positive": "The {part} was {very} {good}.|{lead} the {part} was {good}.|What a {good} {thing}!|"
    "The {part} was {good}, {praise}.|The {thing} was {good}, {praise}.|"
    "The {part} was {good} and the {part} was {good}.|The {part} was not {bad} at all.|"
    "{lead} it was not a {bad} {thing} at all, {praise}.|I was {happy} with the {part}, {praise}.|"
    "We {did} and were {happy}.|I {did}, {praise}.|The {thing} {fact}, {praise}.|"
    "{lead} I have never had such a {good} {thing}.",
    "negative": "The {part} was {very} {bad}.|{lead} the {part} was {bad}.|What a {bad} {thing}!|"
    "The {part} was {bad}, {blame}.|The {thing} was {bad}, {blame}.|"
    "The {part} was {bad} and the {part} was {bad}.|The {part} was not {good} at all.|"
    "{lead} it was not a {good} {thing}, {blame}.|I was {upset} with the {part}, {blame}.|"
    "We {did} and were {upset}.|I {did}, {blame}.|The {thing} {fact}, {blame}.|"
    "{lead} I have never had such a {bad} {thing}.",
    "neutral": "The {part} was {middling}.|The {thing} {fact}.|{lead} the {part} was {middling}, {shrug}.|"
    "The {thing} was {middling}, {shrug}.|I {did}, {shrug}.|We {did} and the {part} was {middling}.|"
    "The {part} was {good} but the {part} was {bad}.|The {part} was {bad} but the {part} was {good}.|"
    "The {thing} {fact}, {shrug}.|The {thing} was neither {good} nor {bad}.|I {did}, the {thing} {fact}.|"
    "{lead} it is a {middling} {thing}, {shrug}.",
}

READINGS: dict[str, str] = {}  # espeak-ng reads these words well
