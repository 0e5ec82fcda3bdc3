package dev.faultline.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the demo's clients counted by themselves, to be compared with what the server says. Safe for all clients at once.
final class DemoTally {
  private static final int SURPRISES_MAX = 20;

  private final Map<String, Long> faults = new TreeMap<>();
  private final Map<String, Long> suspicions = new TreeMap<>();
  private final List<String> surprises = new ArrayList<>();
  private long requests;
  private long served;
  private long blindCanaries;
  private long suspiciousBlindCanaries;

  /// @return whether this is the first fault or suspicion of its kind
  synchronized boolean count(DemoCall call, DemoAnswer answer) {
    requests++;
    if (answer.isServed()) {
      served++;
    }
    if (call.blindCanary()) {
      blindCanaries++;
      suspiciousBlindCanaries += answer.suspicion().isEmpty() ? 0 : 1;
    }
    if (!answer.fault().equals(call.expected()) || answer.isServed() != call.expected().isEmpty()) {
      surprise(call, answer);
    }
    boolean first = !answer.fault().isEmpty() && faults.merge(answer.fault(), 1L, Long::sum) == 1;
    return (!answer.suspicion().isEmpty() && suspicions.merge(answer.suspicion(), 1L, Long::sum) == 1) || first;
  }

  private void surprise(DemoCall call, DemoAnswer answer) {
    if (surprises.size() < SURPRISES_MAX) {
      String wanted = call.expected().isEmpty() ? "to be served" : call.expected();
      surprises.add(call.client() + " got " + answer.status() + " " + answer.fault() + " from " + call.path() + " (expected: " + wanted + "): " + answer.sentence());
    }
  }

  synchronized long requests() {
    return requests;
  }

  synchronized long served() {
    return served;
  }

  /// Faulted requests by code.
  synchronized Map<String, Long> faults() {
    return new TreeMap<>(faults);
  }

  /// Suspicious answers by the code of their first suspicion.
  synchronized Map<String, Long> suspicions() {
    return new TreeMap<>(suspicions);
  }

  /// Rows without speed that were sent to version 2.
  synchronized long blindCanaries() {
    return blindCanaries;
  }

  synchronized long suspiciousBlindCanaries() {
    return suspiciousBlindCanaries;
  }

  /// Answers that were not what the plan expects.
  synchronized List<String> surprises() {
    return List.copyOf(surprises);
  }

  synchronized String line(int of) {
    long suspicious = suspicions.values().stream().mapToLong(Long::longValue).sum();
    return "%,d of %,d requests   served %,d   suspicious %,d   faulted %,d".formatted(requests, of, served, suspicious, requests - served);
  }
}
