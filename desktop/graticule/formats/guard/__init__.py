"""Decoding behind glass: whatever a foreign codec does with a hostile file, this program lives on.

How to use it from a reader of a format (all of it raises GraticuleError, in the user's words, and nothing else):

* `limits`: look at the header before a byte is decoded. `refuse_too_large(byte_count)` against the memory that is free,
  `refuse_impossible(sizes)` against nonsense, `inflate(…)` for deflate and gzip with an end.
* `codestream`: `refuse_other_size(data, syntax, rows, columns, samples)` compares what a JPEG, JPEG-LS, JPEG 2000 or HTJ2K
  stream says of itself with what the file's header says.
* `client.guarded("package.module:function", *arguments, largest=…, name=…)` runs that function in a worker process and
  returns the array that it returned. The function must be importable, take picklable values, return one numpy array, and its
  module must import nothing slow (no pydicom at the top: the worker starts in 0.1 s because of it). A GraticuleError inside
  comes back as itself, damage (`formats.damage.DAMAGE`) as a sentence; a crash, a hang or greed costs only the worker.
* `frames.decode(data, coding, rows, columns)` is the three of them for one encoded DICOM frame.

`client.warm()` starts a worker without waiting, so that the first frame does not pay for the start. Callers may use as many
threads as they like: each waits without the interpreter's lock, and as many workers run as there are processors.
"""
