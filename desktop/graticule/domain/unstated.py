"""What a table of numbers does not say, in the words by which the window knows that it may ask."""

NOT_STATED = "The table does not say how fast it was sampled or in which unit, and that is not guessed."
