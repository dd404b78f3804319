"""Whether the suite sees what it is there for: every defect is planted once and must be named rightly."""
