package dev.faultline.backend.process;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.QueueFault;
import dev.faultline.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The inputs of one model version that killed its worker, and are refused for a while once they did so often enough.
///
/// Asking costs nothing while no input has killed, and a glance at the input otherwise; only an input that looks like a killer is
/// compared byte for byte, by its digest.
public final class Quarantine {

  /// One input: how often it killed, how it did so last, and for how long it will be remembered. `held` says whether it is refused.
  public record Entry(String digest, int kills, boolean held, String reason, long remainingMillis) {}

  private final QuarantinePolicy policy;
  private final LongSupplier nanoClock;
  private final Map<String, Strikes> strikes = new LinkedHashMap<>();
  private volatile boolean empty = true;

  Quarantine(QuarantinePolicy policy, LongSupplier nanoClock) {
    this.policy = policy;
    this.nanoClock = nanoClock;
  }

  /// What is remembered, the oldest first.
  public synchronized List<Entry> entries() {
    expire();
    return strikes.entrySet().stream().map(each -> entry(each.getKey(), each.getValue())).toList();
  }

  /// Whether there was such an input to let go.
  public synchronized boolean clear(String digest) {
    boolean known = strikes.remove(digest) != null;
    empty = strikes.isEmpty();
    return known;
  }

  public synchronized void clearAll() {
    strikes.clear();
    empty = true;
  }

  /// @throws FaultException `queue.quarantined`
  void requireClear(List<Tensor> inputs) {
    if (!empty && resembles(InputDigest.sketch(inputs))) {
      refuse(InputDigest.of(inputs));
    }
  }

  /// Notes that an input killed a worker, `times` since the last note.
  Entry strike(List<Tensor> inputs, int times, String reason) {
    String digest = InputDigest.of(inputs);
    return strike(digest, InputDigest.sketch(inputs), times, reason);
  }

  private synchronized Entry strike(String digest, int sketch, int times, String reason) {
    Strikes before = strikes.remove(digest);
    var now = new Strikes(sketch, times + (before == null ? 0 : before.kills), reason, nanoClock.getAsLong());
    strikes.put(digest, now);
    if (strikes.size() > policy.inputsMax()) {
      strikes.remove(strikes.keySet().iterator().next());
    }
    empty = false;
    return entry(digest, now);
  }

  private synchronized boolean resembles(int sketch) {
    expire();
    return strikes.values().stream().anyMatch(each -> each.sketch == sketch && each.kills >= policy.kills());
  }

  private synchronized void refuse(String digest) {
    Strikes found = strikes.get(digest);
    if (found != null && found.kills >= policy.kills()) {
      int seconds = Math.toIntExact(Math.ceilDiv(remainingMillis(found), 1_000));
      throw new FaultException(new QueueFault.Quarantined(digest, found.kills, found.reason, seconds));
    }
  }

  private void expire() {
    strikes.values().removeIf(each -> remainingMillis(each) <= 0);
    empty = strikes.isEmpty();
  }

  private long remainingMillis(Strikes each) {
    return policy.ttlMillis() - TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - each.lastNanos);
  }

  private Entry entry(String digest, Strikes each) {
    return new Entry(digest, each.kills, each.kills >= policy.kills(), each.reason, remainingMillis(each));
  }

  private record Strikes(int sketch, int kills, String reason, long lastNanos) {}
}
