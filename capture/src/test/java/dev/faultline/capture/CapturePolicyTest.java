package dev.faultline.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Occurrence;
import dev.faultline.fault.RouteFault;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.request.ResolvedVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapturePolicyTest {
  private static final long SECOND = 1_000_000_000L;

  private final CapturePolicy policy = new CapturePolicy(CapturePolicy.Rate.DEFAULT);

  @Test
  void everyFaultAndEverySuspicionIsKept() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(policy.decide(faulted(""), 0).orElseThrow())
          .isEqualTo(new CapturePolicy.Decision(Capture.Kind.FAULT, 1, CapturePolicy.Extent.WHOLE));
      assertThat(policy.decide(served("1", "", occurrence()), 0).orElseThrow().kind()).isEqualTo(Capture.Kind.SUSPICION);
    }
  }

  @Test
  void theFirstTwentyOfEachVersionAreKeptAndThenFiveASecond() {
    assertThat(kept("1", 1_000, 0)).hasSize(25);
    assertThat(kept("2", 1_000, 0)).hasSize(25);
    assertThat(kept("1", 1_000, SECOND)).hasSize(5);
    assertThat(kept("1", 1_000, 100 * SECOND)).hasSize(5);
  }

  @Test
  void theWeightsOfWhatIsKeptAddUpToWhatWasServed() {
    var kept = new ArrayList<CapturePolicy.Decision>();
    int served = 0;
    int servedAtLastKept = 0;
    for (long now = 0; now < 20 * SECOND; now += SECOND / 500) {
      served++;
      var decision = policy.decide(served("1", ""), now);
      if (decision.isPresent()) {
        kept.add(decision.get());
        servedAtLastKept = served;
      }
    }
    double weights = kept.stream().mapToDouble(each -> 1 / each.samplingRate()).sum();

    assertThat(weights).isCloseTo(servedAtLastKept, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(kept.size()).isBetween(115, 126);
  }

  @Test
  void aRequestThatAsksToBeKeptIsKept() {
    kept("1", 100, 0);

    assertThat(policy.decide(served("1", "full"), 0)).isPresent();
  }

  @Test
  void whatSomebodyWantsIsKeptBesidesTheSampleUnlessItsCallerSaysNone() {
    var left = new java.util.concurrent.atomic.AtomicInteger(2);
    var asked = new CapturePolicy(new CapturePolicy.Rate(0, 0), _ -> left.getAndDecrement() > 0);

    assertThat(asked.decide(served("1", "none"), 0)).isEmpty();
    assertThat(asked.decide(served("1", ""), 0).orElseThrow()).isEqualTo(new CapturePolicy.Decision(Capture.Kind.BASELINE, 1, CapturePolicy.Extent.WHOLE));
    assertThat(asked.decide(faulted(""), 0)).isPresent();
    assertThat(asked.decide(served("1", ""), 0)).isEmpty();
  }

  @Test
  void aRequestThatAsksNotToBeKeptLeavesOnlyItsFault() {
    assertThat(policy.decide(served("1", "none"), 0)).isEmpty();
    assertThat(policy.decide(faulted("none"), 0).orElseThrow().extent()).isEqualTo(CapturePolicy.Extent.BARE);
  }

  @Test
  void versionsBeyondTheBoundShareOneSample() {
    for (int i = 0; i < CapturePolicy.VERSIONS_MAX; i++) {
      policy.decide(served("v" + i, ""), 0);
    }

    assertThat(kept("x", 20, 0).size() + kept("y", 20, 0).size()).isEqualTo(25);
  }

  @Test
  void aRateOfZeroKeepsNoBaseline() {
    var none = new CapturePolicy(new CapturePolicy.Rate(0, 0));

    assertThat(none.decide(served("1", ""), 0)).isEmpty();
    assertThat(none.decide(served("1", ""), 100 * SECOND)).isEmpty();
  }

  @Test
  void switchedOffNothingIsKeptWhateverItSays() {
    assertThat(CapturePolicy.nothing().decide(faulted(""), 0)).isEmpty();
    assertThat(CapturePolicy.nothing().decide(served("1", "full"), 0)).isEmpty();
  }

  private List<CapturePolicy.Decision> kept(String version, int count, long nowNanos) {
    var kept = new ArrayList<CapturePolicy.Decision>();
    for (int i = 0; i < count; i++) {
      policy.decide(served(version, ""), nowNanos).ifPresent(kept::add);
    }
    return kept;
  }

  private static Outcome served(String version, String wish, Occurrence... suspicions) {
    return new Outcome.Served(Payload.EMPTY, List.of(suspicions), passage(version, wish));
  }

  private static Outcome faulted(String wish) {
    return new Outcome.Faulted(occurrence(), passage("1", wish));
  }

  private static Occurrence occurrence() {
    return new Occurrence("flt_1", new RouteFault.ModelNotFound("strike", List.of()), Instant.EPOCH);
  }

  private static Passage passage(String version, String wish) {
    var model = new ModelRef("strike", version);
    Map<String, Object> parameters = wish.isEmpty() ? Map.of() : Map.of(CapturePolicy.PARAMETER, wish);
    var request = new InferenceRequest("", model, parameters, List.of(), List.of(), Deadline.NEVER);
    return new Passage(
        arrival(model), new ResolvedVersion("strike", version, ""), List.of(request), List.of(), List.of(), List.of(), List.of(), 1);
  }

  private static Arrival arrival(ModelRef model) {
    return new Arrival(
        new RequestId("r"), Protocol.DIRECT, "POST", "/", Map.of(), Map.of(), "", "", "", model, Payload.EMPTY, 0, Instant.EPOCH,
        Deadline.NEVER, Cancellation.NEVER);
  }
}
