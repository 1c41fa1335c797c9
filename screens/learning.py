"""Foundations: how a network learns."""

from ann_core.lessons.learning import batches, break_it, descent, losses, questions, take_home, worksheet
from ann_core.ui.page import frame

lesson = frame.begin("learning")

descent.draw(lesson)
losses.draw(lesson)
worksheet.draw(lesson)
batches.draw(lesson)
break_it.draw()
frame.section("learning", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("learning")
