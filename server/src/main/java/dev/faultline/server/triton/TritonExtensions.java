package dev.faultline.server.triton;

import dev.faultline.server.release.AuditTrail;

/// What both wires need to answer Triton's extensions.
public record TritonExtensions(ModelLookup models, StageClock statistics, RepositoryControl repository, LogControl log, TraceControl trace, AuditTrail audit) {}
