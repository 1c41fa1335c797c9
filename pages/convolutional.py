"""The convolutional network."""

from ann_core.lessons.convolutional import break_it, claim, drawing, idea, inside, probe, questions, surgery, take_home, train
from ann_core.ui import frame

lesson = frame.begin("convolutional")

idea.draw(lesson)
inside.draw(lesson)
train.draw(lesson)
drawing.draw()
probe.draw()
claim.draw(lesson)
surgery.draw()
break_it.draw()
frame.section("convolutional", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("convolutional")
