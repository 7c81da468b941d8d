"""What the documents make owing becomes postings, statements and the report of the month."""
