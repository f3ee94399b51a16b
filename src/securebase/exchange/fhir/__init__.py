"""Pure maps between the nouns of science and FHIR R4, JSON only."""
