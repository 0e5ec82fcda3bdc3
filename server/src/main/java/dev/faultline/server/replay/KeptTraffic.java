package dev.faultline.server.replay;

import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CaptureStore;
import dev.faultline.compare.Tolerance;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.request.Arrival;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.replay.KeptRequests.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The kept requests of a model, for whoever wants to run real traffic through a copy of it.
public final class KeptTraffic {
  private static final Duration FLUSH_MAX = Duration.ofSeconds(5);

  private final Keeper keeper;
  private final CaptureStore store;
  private final CaptureQueue captures;

  public KeptTraffic(Keeper keeper, CaptureStore store, CaptureQueue captures) {
    this.keeper = keeper;
    this.store = store;
    this.captures = captures;
  }

  /// A kept request. `redacted`: hidden values stand as zeros in it.
  public record Sent(Arrival arrival, boolean redacted) {}

  /// The newest that have a body and met a version, failed or served.
  public List<Sent> newest(String model, int most, Replayer replayer) throws InterruptedException {
    captures.flush(FLUSH_MAX);
    var requests = new KeptRequests(keeper, store, replayer);
    var order = new ReplayOrder(ReplayOrder.Scope.ALL, "", model, "", Tolerance.ROUNDING, most);
    var sent = new ArrayList<Sent>();
    for (Place place : requests.list(order)) {
      requests.read(place, order).flatMap(KeptTraffic::runnable).ifPresent(sent::add);
    }
    return sent;
  }

  private static Optional<Sent> runnable(KeptRequest request) {
    boolean whole = request.body() != KeptRequest.Body.WITHHELD && request.arrival().payload().length() > 0 && !request.version().isNone();
    return whole ? Optional.of(new Sent(request.arrival(), request.body() == KeptRequest.Body.REDACTED)) : Optional.empty();
  }
}
