package dev.faultline.isolation;

/// What is not to blame, and why.
public record RuledOut(String what, String why) {}
