package dev.faultline.server.compare;

/// What is to be compared with what, and how many requests of each at most, the newest.
record ComparisonOrder(Selection selection, Selection baseline, boolean chosen, int limit) {}
