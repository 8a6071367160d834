"""What is said in English, and what may be heard instead.

`{}` stands for the value of the frame's slot. Words are shared on purpose ("warm" in cooler and weather, "rain" in play
and weather, "timer" in stop), so that hardly a word gives an intent away.
"""

VALUES = {
    "room": {"kitchen": "kitchen", "bedroom": "bedroom", "bathroom": "bathroom", "hall": "hall"},
    "minutes": {"5": "five", "10": "ten", "15": "fifteen", "30": "thirty", "50": "fifty"},
    "what": {"jazz": "some jazz", "piano": "some piano", "news": "the news", "rain": "the sound of rain"},
    "day": {"today": "today", "tomorrow": "tomorrow", "weekend": "at the weekend"},
}

OPENINGS = ("", "", "", "", "hey", "okay", "hello")

PHRASES = {
    "light_on": (
        "turn the light on in the {}",
        "{} light on please",
        "switch on the {} light",
        "can you put the {} light on",
        "it is too dark in the {}",
        "i need some light in the {}",
        "lights on in the {} please",
        "make the {} bright",
    ),
    "light_off": (
        "turn the light off in the {}",
        "{} light off please",
        "switch off the {} light",
        "can you put the {} light out",
        "it is too bright in the {}",
        "i need no light in the {}",
        "lights off in the {} please",
        "make the {} dark",
    ),
    "warmer": (
        "turn the heating up in the {}",
        "make the {} warmer",
        "it is too cold in the {}",
        "{} heating on please",
        "can you put the heat on in the {}",
        "a little warmer in the {} please",
        "i need some heat in the {}",
        "the {} is not warm enough",
    ),
    "cooler": (
        "turn the heating down in the {}",
        "make the {} cooler",
        "it is too hot in the {}",
        "{} heating off please",
        "can you turn the heat off in the {}",
        "a little cooler in the {} please",
        "i need less heat in the {}",
        "the {} is too warm",
    ),
    "timer": (
        "set a timer for {} minutes",
        "{} minutes on the timer please",
        "wake me up in {} minutes",
        "can you count down {} minutes",
        "tell me when {} minutes are up",
        "i need {} minutes for the tea",
        "start the timer at {} minutes",
        "call me in {} minutes please",
    ),
    "play": (
        "play {}",
        "put {} on please",
        "i want to hear {}",
        "can you play {} for me",
        "{} please",
        "let me hear {} now",
        "turn {} on in here",
        "i need {} for the evening",
    ),
    "weather": (
        "what is the weather like {}",
        "will it be warm {}",
        "do i need a coat {}",
        "is it going to rain {}",
        "{} is it too cold to go out",
        "the weather {} please",
        "can you tell me how hot it gets {}",
        "will there be some sun {}",
    ),
    "louder": (
        "louder please",
        "turn it up a little",
        "can you turn the music up",
        "i can not hear it",
        "make it louder",
        "more sound please",
        "it is too quiet in here",
        "turn the sound up for me",
    ),
    "quieter": (
        "quieter please",
        "turn it down a little",
        "can you turn the music down",
        "not so loud please",
        "make it quieter",
        "less sound please",
        "it is too loud in here",
        "turn the sound down for me",
    ),
    "stop": (
        "stop it please",
        "turn it off",
        "can you turn the music off",
        "that is enough now",
        "make it stop",
        "no more sound please",
        "i need some quiet in here",
        "stop the timer for me",
    ),
}

# Nobody says these; a recogniser that knows them may write them.
DISTRACTORS = (
    "chicken kitten bedtime bathtub broom whole hole ball fall tall right lime night late might own term town "
    "which stitch pay place jars has train ran new snooze use pianos climber minute men tin then hive drive "
    "fight dirty thirsty thirteen fifth sixty whether feather sorrow borrow former farmer colour ruler gold hold "
    "hat heart loader ladder quite quiver shop top step heap eat eating hearing meeting cup dawn two park dog "
    "bride but foot said sat lake sum think full fair wait hour thumb spot yellow fellow oak away day say peas "
    "police keys museum evenings round found rough worm storm burn learn tune bark sea weaken piece stuff "
)

# Heard where nobody said anything.
SHORT = "the a and to it in is of at on"

# Words that espeak-ng would read wrongly, and how to spell them for it.
READINGS: dict[str, str] = {}
