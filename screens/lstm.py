"""Long short-term memory."""

from ann_core.lessons.lstm import break_it, horizon, idea, inside, probe, questions, race, take_home, takeaways
from ann_core.lessons.lstm.surgery import operate
from ann_core.ui.page import frame

lesson = frame.begin("lstm")

race.draw(lesson)
idea.draw()
inside.draw(lesson)
horizon.draw(lesson)
probe.draw()
operate.draw(lesson)
break_it.draw()
takeaways.draw()
questions.draw()
take_home.draw()
frame.glossary("lstm")
