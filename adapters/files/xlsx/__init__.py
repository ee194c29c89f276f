"""xlsx workbooks, read as a stream.

The library that is used to write and read workbooks builds every row as a tree before it hands it over, and pads rows
as far as a cell's address says, so that a small file can fill the memory. Here a sheet is read event by event within
bounds; the library's knowledge of number formats and date serials is used.
"""
