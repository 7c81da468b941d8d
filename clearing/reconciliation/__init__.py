"""Do both sides tell the same story? Each charge of a month gets its causes and exactly one end; pure, values only."""
