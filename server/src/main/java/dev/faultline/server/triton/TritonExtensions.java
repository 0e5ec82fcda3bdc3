package dev.faultline.server.triton;

/// What both wires need to answer Triton's extensions.
public record TritonExtensions(ModelLookup models, StageClock statistics, RepositoryControl repository, LogControl log, TraceControl trace) {}
