package dev.faultline.server.telemetry;

import java.util.List;
import java.util.Set;

/// gRPC's statuses as the conventions see them.
final class GrpcStatus {
  private static final List<String> BY_NUMBER = List.of(
      "OK",
      "CANCELLED",
      "UNKNOWN",
      "INVALID_ARGUMENT",
      "DEADLINE_EXCEEDED",
      "NOT_FOUND",
      "ALREADY_EXISTS",
      "PERMISSION_DENIED",
      "RESOURCE_EXHAUSTED",
      "FAILED_PRECONDITION",
      "ABORTED",
      "OUT_OF_RANGE",
      "UNIMPLEMENTED",
      "INTERNAL",
      "UNAVAILABLE",
      "DATA_LOSS",
      "UNAUTHENTICATED");

  private static final Set<String> SERVERS = Set.of("UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS");

  private GrpcStatus() {}

  static boolean isServersError(String status) {
    return SERVERS.contains(status);
  }

  static long number(String status) {
    return BY_NUMBER.indexOf(status);
  }
}
