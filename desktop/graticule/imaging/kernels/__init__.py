"""The loops, compiled by numba: only arrays and numbers in, no geometry, no words.

numba costs a fifth of a second to import and each loop a second to compile the first time, so nothing here is imported
before it is
used: the functions beside this folder import their loop when they are called. `imaging.warm` compiles all of them ahead.
"""
