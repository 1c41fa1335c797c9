"""Self-attention."""

from ann_core.lessons.attention import break_it, idea, inside, questions, scale, take_home, train, waves
from ann_core.lessons.attention.typed import knock, probe
from ann_core.ui.page import frame

lesson = frame.begin("attention")

train.draw(lesson)
idea.draw()
inside.draw(lesson)
waves.draw(lesson)
probe.draw()
knock.draw(lesson)
break_it.draw()
scale.draw()
frame.section("attention", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("attention")
