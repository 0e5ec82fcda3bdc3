package dev.faultline.server.telemetry;

import dev.faultline.request.OutcomeListener;
import java.util.List;
import java.util.Map;

/// Tells a telemetry backend of every outcome.
public interface Telemetry extends OutcomeListener, AutoCloseable {

  /// Where the server listens.
  record Place(String host, int port, int grpcPort) {}

  /// Nobody is told.
  Telemetry OFF = new Telemetry() {
    @Override
    public void onOutcome(dev.faultline.request.Outcome outcome) {}

    @Override
    public Map<List<String>, Long> items() {
      return Map.of();
    }

    @Override
    public void close() {}
  };

  /// Items by signal (`traces`, `metrics`, `logs`) and by what became of them: `sent`, `failed` or `dropped`, because too many waited.
  Map<List<String>, Long> items();

  /// Sends what waits, for a short while, and stops.
  @Override
  void close();
}
