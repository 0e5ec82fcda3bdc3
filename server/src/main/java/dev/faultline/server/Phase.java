package dev.faultline.server;

/// Where the server is in its life.
public enum Phase {
  /// Ports are open, models load.
  STARTING,
  /// Every model has been tried.
  READY,
  /// Says not ready so that balancers look elsewhere, and still serves.
  LEAVING,
  /// Takes no new requests; those under way end.
  DRAINING,
  STOPPED
}
