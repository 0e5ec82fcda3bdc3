package dev.faultline.junit;

import dev.faultline.fault.Fault;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opentest4j.AssertionFailedError;

/// The faults and suspicions that requests of one test ended with so far, in the order in which they ended.
///
/// What `@BeforeAll` and `@AfterAll` are given, and a constructor where there is one instance of the class, sees those of all tests of the class.
/// Edge cases are no part of it: their faults are what they are made for.
public final class SeenFaults {
  /// Beyond so many the oldest go.
  static final int FAULTS_MAX = 10_000;

  private final CopyOnWriteArrayList<Fault> faults = new CopyOnWriteArrayList<>();

  SeenFaults() {}

  void add(List<Fault> some) {
    faults.addAll(some);
    while (faults.size() > FAULTS_MAX) {
      faults.removeFirst();
    }
  }

  public List<Fault> list() {
    return List.copyOf(faults);
  }

  /// @param code such as `check.nonfinite`
  public List<Fault> ofCode(String code) {
    return faults.stream().filter(fault -> fault.code().label().equals(code)).toList();
  }

  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /// Fails the test when anything went wrong.
  public void requireNone() {
    if (!faults.isEmpty()) {
      throw new AssertionFailedError("expected no fault and no suspicion, found " + faults.size() + ":" + this);
    }
  }

  @Override
  public String toString() {
    return faults.stream().map(Answer::words).reduce("", String::concat);
  }
}
