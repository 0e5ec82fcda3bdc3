package dev.faultline.server.log;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.faultline.server.log.PayloadPolicy.Extent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PayloadPolicyTest {
  private final AtomicLong now = new AtomicLong();

  @Test
  void aModelsOwnModeGoesBeforeTheOneForAll() {
    PayloadPolicy policy = policy("off", "m=all", "a=b=faults");
    assertThat(policy.of(served("m"))).isEqualTo(Extent.WHOLE);
    assertThat(policy.of(served("other"))).isEqualTo(Extent.NOTHING);
    assertThat(policy.of(served("a=b"))).as("served, and only faults are wanted whole").isEqualTo(Extent.SUMMARY);
    assertThat(policy().of(served("m"))).isEqualTo(Extent.SUMMARY);
  }

  @Test
  void oneWholePayloadASecondIsSampledOfEachModel() {
    PayloadPolicy policy = policy("sampled");
    assertThat(List.of(policy.of(served("m")), policy.of(served("m")), policy.of(served("n")))).containsExactly(Extent.WHOLE, Extent.SUMMARY, Extent.WHOLE);
    now.addAndGet(999_999_999);
    assertThat(policy.of(served("m"))).isEqualTo(Extent.SUMMARY);
    now.addAndGet(1);
    assertThat(policy.of(served("m"))).isEqualTo(Extent.WHOLE);
  }

  @Test
  void whatIsNoModeIsRefused() {
    assertThat(PayloadPolicy.of(List.of("some"), now::get)).isEmpty();
    assertThat(PayloadPolicy.of(List.of("m=some"), now::get)).isEmpty();
    assertThat(PayloadPolicy.of(List.of("=all"), now::get)).isEmpty();
  }

  private PayloadPolicy policy(String... items) {
    return PayloadPolicy.of(List.of(items), now::get).orElseThrow();
  }

  private static Outcome served(String model) {
    var arrival = new Arrival(new RequestId("r"), Protocol.V2_REST, "POST", "/", Map.of(), Map.of(), "", "", "", new ModelRef(model, ""), Payload.EMPTY, 0, Instant.EPOCH, Deadline.NEVER, Cancellation.NEVER);
    return new Outcome.Served(Payload.EMPTY, List.of(), new Passage(arrival, new ResolvedVersion(model, "1", ""), List.of(), List.of(), List.of(), List.of(), List.of(), 0));
  }
}
