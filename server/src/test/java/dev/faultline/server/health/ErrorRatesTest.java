package dev.faultline.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Occurrence;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.request.ResolvedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ErrorRatesTest {
  private static final ResolvedVersion VERSION = new ResolvedVersion("m", "1", "sha256:0");

  private final AtomicLong now = new AtomicLong(-5);
  private final ErrorRates rates = new ErrorRates(new ErrorRates.Rules(.5, 10), now::get);

  @Test
  void fewRequestsSayNothing() {
    fail(9, Blame.MODEL);
    assertThat(rates.of(VERSION).isDegraded()).isFalse();
    fail(1, Blame.MODEL);
    assertThat(rates.of(VERSION).isDegraded()).isTrue();
  }

  @Test
  void callersFaultsDoNotCount() {
    fail(50, Blame.CALLER);
    assertThat(rates.of(VERSION)).isEqualTo(new ErrorRates.Standing(false, 50, 0));
  }

  @Test
  void itStaysDegradedUntilTheShareIsBelowHalfOfTheLimit() {
    fail(10, Blame.SERVER);
    serve(20);
    assertThat(rates.of(VERSION).rate()).isBetween(.25, .5);
    assertThat(rates.of(VERSION).isDegraded()).as("between the two it stays what it was").isTrue();
    serve(11);
    assertThat(rates.of(VERSION).isDegraded()).isFalse();
    fail(5, Blame.SERVER);
    assertThat(rates.of(VERSION).isDegraded()).as("between the two it stays what it was").isFalse();
  }

  @Test
  void itRecoversByItselfWhenNobodyAsksAnyMore() {
    fail(100, Blame.CAPACITY);
    pass(Duration.ofSeconds(50));
    assertThat(rates.of(VERSION).isDegraded()).isTrue();
    pass(Duration.ofSeconds(15));
    assertThat(rates.of(VERSION)).isEqualTo(ErrorRates.Standing.SOUND);
    pass(Duration.ofDays(400));
    assertThat(rates.of(VERSION)).isEqualTo(ErrorRates.Standing.SOUND);
  }

  @Test
  void whatIsOlderThanAMinuteIsForgotten() {
    fail(20, Blame.MODEL);
    pass(Duration.ofSeconds(65));
    serve(10);
    assertThat(rates.of(VERSION)).isEqualTo(new ErrorRates.Standing(false, 10, 0));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void serve(int count) {
    for (int i = 0; i < count; i++) {
      rates.onOutcome(new Outcome.Served(Payload.EMPTY, List.of(), passage()));
    }
  }

  private void fail(int count, Blame blame) {
    var fault = new InferFault.Failed("no", blame, List.of(), List.of(), List.of());
    for (int i = 0; i < count; i++) {
      rates.onOutcome(new Outcome.Faulted(new Occurrence("flt_1", fault, Instant.EPOCH), passage()));
    }
  }

  private static Passage passage() {
    var arrival = new Arrival(
        new RequestId("r"), Protocol.V2_REST, "POST", "/", Map.of(), Map.of(), "", "", "", new ModelRef("m", ""), Payload.EMPTY, 0, Instant.EPOCH, Deadline.NEVER, Cancellation.NEVER);
    return new Passage(arrival, VERSION, List.of(), List.of(), List.of(), List.of(), List.of(), 0);
  }
}
