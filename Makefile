# Each target sets up what it needs by itself; packaging/set_up.py does the work and runs without make, too.
PYTHON ?= python3

.PHONY: run test coverage check bench fuzz package
run test coverage check bench fuzz package:
	@$(PYTHON) packaging/set_up.py $@ $(ARGS)
