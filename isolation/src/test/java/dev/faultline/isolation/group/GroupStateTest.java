package dev.faultline.isolation.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Occurrence;
import dev.faultline.isolation.group.FaultGroups.Weight;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
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

class GroupStateTest {
  private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final Instant LATER = Instant.parse("2026-01-03T00:00:00Z");

  private final FaultGroups groups = new FaultGroups();
  private final List<FaultGroup> told = new ArrayList<>();

  GroupStateTest() {
    groups.onRegression(told::add);
    seen("2", BEFORE);
  }

  @Test
  void aResolvedGroupThatIsSeenInALaterVersionHasRegressed() {
    groups.resolve("FL-1", "3", NOW);
    FaultGroup again = seen("5", LATER);
    assertThat(again.state()).isEqualTo(new GroupState.Regressed(new Regression("3", "5"), "flt_5", LATER));
    assertThat(((GroupState.Regressed) again.state()).regression()).hasToString("resolved in 3, seen again in 5");
    assertThat(told).containsExactly(again);
  }

  @Test
  void theVersionItWasResolvedInCountsAsLater() {
    groups.resolve("FL-1", "3", NOW);
    assertThat(seen("3", LATER).state().label()).isEqualTo("REGRESSED");
  }

  @Test
  void anOlderVersionSaysNothingAgainstAResolution() {
    groups.resolve("FL-1", "10", NOW);
    assertThat(seen("9", LATER).state()).isEqualTo(new GroupState.Resolved("10", NOW));
    assertThat(told).isEmpty();
  }

  @Test
  void aFaultFromBeforeTheResolutionSaysNothingAgainstIt() {
    groups.resolve("FL-1", "3", NOW);
    assertThat(seen("5", BEFORE).state().label()).isEqualTo("RESOLVED");
  }

  @Test
  void aRegressionIsToldOnceUntilItIsResolvedAnew() {
    groups.resolve("FL-1", "3", NOW);
    seen("5", LATER);
    seen("6", LATER);
    assertThat(told).hasSize(1);
    groups.resolve("FL-1", "7", NOW);
    seen("6", LATER);
    assertThat(told).hasSize(1);
    seen("7", LATER);
    assertThat(told).extracting(FaultGroup::state).last().isEqualTo(new GroupState.Regressed(new Regression("7", "7"), "flt_7", LATER));
  }

  @Test
  void withoutAVersionAnyFaultBringsItBack() {
    groups.resolve("FL-1", "", NOW);
    FaultGroup again = seen("2", LATER);
    assertThat(((GroupState.Regressed) again.state()).regression()).hasToString("resolved, seen again in 2");
  }

  @Test
  void anOpenGroupIsNoRegression() {
    groups.resolve("FL-1", "3", NOW);
    groups.reopen("FL-1");
    assertThat(seen("5", LATER).state()).isEqualTo(GroupState.Open.INSTANCE);
    assertThat(told).isEmpty();
  }

  @Test
  void aGroupThatDoesNotExistIsNotResolved() {
    assertThat(groups.resolve("FL-9", "3", NOW)).isEmpty();
    assertThat(groups.reopen("FL-9")).isEmpty();
  }

  private FaultGroup seen(String version, Instant at) {
    var fault = new InferFault.NodeFailed(new NodeRef(1, "/embed/Gather", "Gather", "emb"), "out of bounds", Blame.MODEL, List.of(), List.of(), List.of());
    return groups.record(new Occurrence("flt_" + version, fault, at), passage(version), Weight.FAULT);
  }

  private static Passage passage(String version) {
    var arrival = new Arrival(
        new RequestId("r"), Protocol.DIRECT, "POST", "/", Map.of(), Map.of(), "", "", "test", new ModelRef("m", ""), Payload.EMPTY, 0,
        Instant.EPOCH, Deadline.NEVER, Cancellation.NEVER);
    return new Passage(arrival, new ResolvedVersion("m", version, "sha256:0"), List.of(), List.of(), List.of(), List.of(), List.of(), 0);
  }
}
