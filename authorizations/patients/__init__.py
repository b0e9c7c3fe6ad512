"""The page of a patient: courses, coverages, people to call, documents, what happened."""
