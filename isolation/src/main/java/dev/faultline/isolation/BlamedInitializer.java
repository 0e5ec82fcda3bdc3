package dev.faultline.isolation;

/// A constant of the graph that one version changed. `slice` is the part concerned, empty for all of it; `good` and `bad` are its shape or
/// value in the last good and the first bad version.
public record BlamedInitializer(String name, String slice, String good, String bad) {}
