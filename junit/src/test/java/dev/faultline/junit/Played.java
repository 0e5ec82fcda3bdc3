package dev.faultline.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// How the tests of a class ended that was run by JUnit's launcher, as a build would run it. Names are those that reports show.
final class Played implements TestExecutionListener {
  private final Map<String, TestExecutionResult> ended = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> tests = new ConcurrentLinkedQueue<>();

  private Played() {}

  static Played of(Class<?> testClass, Map<String, String> settings) {
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(testClass))
        .configurationParameters(settings)
        .configurationParameter("junit.jupiter.testclass.order.default", "org.junit.jupiter.api.ClassOrderer$ClassName")
        .build();
    var played = new Played();
    LauncherFactory.create().execute(request, played);
    return played;
  }

  static Played of(Class<?> testClass) {
    return of(testClass, Map.of());
  }

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    ended.put(identifier.getDisplayName(), result);
    if (identifier.isTest()) {
      tests.add(identifier.getDisplayName());
    }
  }

  List<String> tests() {
    return List.copyOf(tests);
  }

  List<String> failed() {
    return tests.stream().filter(name -> result(name).getStatus() == TestExecutionResult.Status.FAILED).toList();
  }

  /// What the test or class failed with.
  String message(String name) {
    return result(name).getThrowable().map(thrown -> String.valueOf(thrown.getMessage())).orElse("it passed");
  }

  private TestExecutionResult result(String name) {
    return Optional.ofNullable(ended.get(name)).orElseThrow(() -> new AssertionError("'" + name + "' did not run; these did: " + ended.keySet()));
  }

  /// All that failed, with reasons, to show when a test of ours fails.
  String reasons() {
    var reasons = new StringBuilder();
    ended.forEach((name, result) -> result.getThrowable().ifPresent(thrown -> reasons.append(name).append(": ").append(thrown).append('\n')));
    return reasons.toString();
  }
}
