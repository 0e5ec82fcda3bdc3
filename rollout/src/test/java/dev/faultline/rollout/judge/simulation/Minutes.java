package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Arm;
import dev.faultline.rollout.judge.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What dashboards keep of an arm: one number a minute.
final class Minutes {
  private final Arm arm;
  private final List<Double> errorRates = new ArrayList<>();
  private final List<Double> latencies = new ArrayList<>();
  private double slowest;

  Minutes(Arm arm) {
    this.arm = arm;
  }

  /// A minute without requests leaves no point.
  void add(List<Observation> requests) {
    List<Observation> own = requests.stream().filter(request -> request.arm() == arm).toList();
    if (own.isEmpty()) {
      return;
    }
    errorRates.add((double) own.stream().filter(request -> !request.group().isEmpty()).count() / own.size());
    double[] served = own.stream().filter(request -> request.group().isEmpty()).mapToDouble(Observation::latencyMillis).sorted().toArray();
    if (served.length > 0) {
      latencies.add(Arrays.stream(served).average().orElseThrow());
      slowest = served[(int) (.99 * (served.length - 1))];
    }
  }

  List<Double> errorRates() {
    return errorRates;
  }

  List<Double> latencies() {
    return latencies;
  }

  double latestErrorRate() {
    return errorRates.isEmpty() ? 0 : errorRates.getLast();
  }

  /// The 99th percentile of the latest minute.
  double latestSlow() {
    return slowest;
  }
}
