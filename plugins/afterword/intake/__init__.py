"""The public half of the service: it takes responses and tells their authors about them."""

from afterword.intake.address import Salted
from afterword.intake.answer import Answers
from afterword.intake.app import Intake
from afterword.intake.form import MAX_REQUEST_BYTES
from afterword.intake.line import Line
from afterword.intake.pages import Pages

__all__ = ["MAX_REQUEST_BYTES", "Answers", "Intake", "Line", "Pages", "Salted"]
