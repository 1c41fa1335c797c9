"""The recurrent network."""

from ann_core.lessons.recurrent import break_it, idea, inside, probe, questions, reach, take_home, train
from ann_core.ui.page import frame

lesson = frame.begin("recurrent")

train.draw(lesson)
idea.draw()
inside.draw(lesson)
probe.draw()
reach.draw(lesson)
break_it.draw()
frame.section("recurrent", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("recurrent")
