"""Files to records: what a side delivered, read leniently; a bad line never stops the file.

`json_records` tells the records of a file apart, `ocpi_json` reads CDRs and tariffs, `sessions` and `tokens` what is
theirs, `duplicates` says what came before. Nothing here judges more than the record itself.
"""
