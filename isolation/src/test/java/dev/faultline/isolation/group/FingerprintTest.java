package dev.faultline.isolation.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Breach;
import dev.faultline.fault.DefectFault;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.RouteFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.Thrown;
import dev.faultline.fault.ValidateFault;
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
import dev.faultline.tensor.Shape;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

  @Test
  void sameRuleOnAnotherRowIsTheSameFault() {
    assertThat(print(range("age", 3, "-4"), "1").coarse()).isEqualTo(print(range("age", 7, "999"), "1").coarse());
  }

  @Test
  void anotherColumnIsAnotherFault() {
    assertThat(print(range("age", 3, "-4"), "1").coarse()).isNotEqualTo(print(range("income", 3, "-4"), "1").coarse());
  }

  @Test
  void anotherVersionIsAVariantOfTheSameFault() {
    var one = print(range("age", 3, "-4"), "1");
    var two = print(range("age", 3, "-4"), "2");
    assertThat(one.coarse()).isEqualTo(two.coarse());
    assertThat(one.fine()).isNotEqualTo(two.fine());
  }

  @Test
  void valuesInAnEnginesMessageDoNotSplitAGroup() {
    assertThat(print(node("idx=312 must be within the inclusive range [-249,248]"), "1").coarse())
        .isEqualTo(print(node("idx=999 must be within the inclusive range [-249,248]"), "1").coarse());
  }

  @Test
  void unknownModelNamesShareOneGroup() {
    assertThat(print(new RouteFault.ModelNotFound("a", List.of("m")), "1").coarse())
        .isEqualTo(print(new RouteFault.ModelNotFound("b", List.of("m")), "1").coarse());
  }

  @Test
  void differentPlacesInOurCodeAreDifferentFaults() {
    assertThat(print(new DefectFault(Stage.DECODE, Thrown.of(here())), "1").coarse())
        .isNotEqualTo(print(new DefectFault(Stage.DECODE, Thrown.of(there())), "1").coarse());
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', delimiter = ';', value = {
    "Got: 5 Expected: 4;Got: <int> Expected: <int>",
    "at 2026-01-02T03:04:05Z from 10.0.0.7:8080;at <date> from <ip>",
    "id 123e4567-e89b-12d3-a456-426614174000 is 3.5e-7;id <uuid> is <float>",
    "file /models/a/1/model.onnx;file <path>",
    "input 'speed' is 'abc';input 'speed' is <quoted>",
    "digest deadbeef01 seen;digest <hex> seen",
  })
  void changingPartsAreMaskedAndKnownNamesStay(String message, String template) {
    assertThat(MessageTemplate.of(message, Set.of("speed"))).isEqualTo(template);
  }

  @Test
  void groupsCountFaultsAndRememberVersionsAndLatestFaults() {
    var groups = new FaultGroups();
    for (int i = 0; i < 30; i++) {
      groups.record(occurrence("flt_" + i, range("age", i, "-1")), passage(i % 2 == 0 ? "1" : "2"), i < 10 ? Weight.SUSPICION : Weight.FAULT);
    }
    assertThat(groups.list()).singleElement().satisfies(group -> {
      assertThat(group.id()).isEqualTo("FL-1");
      assertThat(group.count()).isEqualTo(30);
      assertThat(group.suspicions()).isEqualTo(10);
      assertThat(group.versions()).containsExactly("1", "2");
      assertThat(group.faults()).hasSize(20).startsWith("flt_29");
    });
  }

  @Test
  void theLeastRecentlySeenGroupMakesRoomAndItsIdIsNotGivenAgain() {
    var groups = new FaultGroups();
    IntStream.rangeClosed(0, FaultGroups.GROUPS_MAX).forEach(i -> groups.record(occurrence("flt_" + i, range("c" + i, 0, "x")), passage("1"), Weight.FAULT));
    assertThat(groups.size()).isEqualTo(FaultGroups.GROUPS_MAX);
    assertThat(groups.forgotten()).isOne();
    assertThat(groups.find("FL-1")).isEmpty();
    assertThat(groups.record(occurrence("again", range("c0", 0, "x")), passage("1"), Weight.FAULT).id()).isEqualTo("FL-" + (FaultGroups.GROUPS_MAX + 2));
  }

  @Test
  void restoredGroupsGoOnCounting() {
    var before = new FaultGroups();
    before.record(occurrence("flt_a", range("age", 0, "x")), passage("1"), Weight.FAULT);
    var after = new FaultGroups();
    after.restore(before.list());
    assertThat(after.record(occurrence("flt_b", range("age", 0, "y")), passage("2"), Weight.FAULT).count()).isEqualTo(2);
    assertThat(after.record(occurrence("flt_c", range("other", 0, "y")), passage("2"), Weight.FAULT).id()).isEqualTo("FL-2");
  }

  private static Exception here() {
    return new IllegalStateException("x");
  }

  private static Exception there() {
    return new IllegalStateException("x");
  }

  private static Fingerprint print(Fault fault, String version) {
    return Fingerprint.of(fault, passage(version));
  }

  private static Fault range(String column, long row, String got) {
    var field = Field.inputElement("features", Shape.of(100, 1), row, List.of(column), "");
    return new ValidateFault(List.of(new Breach(FaultCode.VALIDATE_RANGE, field, got, "[0,120]")), 1, "contract.yaml");
  }

  private static Fault node(String reason) {
    return new InferFault.NodeFailed(new NodeRef(1, "/embed/Gather", "Gather", "emb"), reason, Blame.MODEL, List.of(), List.of(), List.of());
  }

  private static Occurrence occurrence(String id, Fault fault) {
    return new Occurrence(id, fault, Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static Passage passage(String version) {
    var arrival = new Arrival(
        new RequestId("r"), Protocol.DIRECT, "POST", "/", Map.of(), Map.of(), "", "", "test", new ModelRef("m", ""), Payload.EMPTY, 0,
        Instant.EPOCH, Deadline.NEVER, Cancellation.NEVER);
    return new Passage(arrival, new ResolvedVersion("m", version, "sha256:0"), List.of(), List.of(), List.of(), List.of(), List.of(), 0);
  }
}
