package dev.faultline.evaluation.baseline;

/// A statement about a row that is true or not: a dimension and one of its values, or a bin of a field.
record Item(String dimension, String value) {}
