package dev.faultline.request;

/// The wire a request came by. The label is the `protocol` label of metrics and `fault.v1`.
public enum Protocol {
  V2_REST("v2-rest"),
  V2_GRPC("v2-grpc"),
  V1_REST("v1-rest"),
  /// Not from a socket: a replay, a probe or a test.
  DIRECT("direct");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
