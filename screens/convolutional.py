"""The convolutional network."""

from ann_core.lessons.convolutional import break_it, claim, idea, inside, probe, questions, surgery, take_home
from ann_core.lessons.convolutional.drawn import drawing
from ann_core.lessons.convolutional.stage import train
from ann_core.ui.page import frame

lesson = frame.begin("convolutional")

train.draw(lesson)
idea.draw(lesson)
inside.draw(lesson)
drawing.draw()
probe.draw()
claim.draw(lesson)
surgery.draw()
break_it.draw()
frame.section("convolutional", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("convolutional")
