package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.Stage;
import dev.faultline.protocol.FaultContext.Standing;
import dev.faultline.request.Payload;
import dev.faultline.request.StageRun;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyTest {
  private static final FaultContext FAULT = FaultContext.of(Standing.FAULT).inGroup("FL-17", "");
  private static final Fault RANGE =
      Faults.range(new Field("inputs/features[3].age", "features", List.of(3L, 0L), "age", "/inputs/0/data/9"), "");

  @Test
  void theDefaultIsOneMemberUnderTheBareContentType() {
    Payload payload = ErrorBody.of(Faults.occurrence(RANGE), Faults.passage(RANGE), FAULT, DetailLevel.INTERNAL, "*/*");
    assertThat(payload.contentType()).isEqualTo("application/json");
    assertThat(Wire.text(payload)).isEqualTo("{\"error\":\"inputs/features[3].age is -4 (expected: 0..120); and 1 more [flt_01JDA3X9M4Q8T2]\"}");
  }

  @Test
  void whoAsksForAProblemGetsTheWholeFault() throws IOException {
    Payload payload = ErrorBody.of(Faults.occurrence(RANGE), Faults.passage(RANGE), FAULT, DetailLevel.INTERNAL, "application/problem+json");
    assertThat(payload.contentType()).isEqualTo("application/problem+json");
    JsonNode problem = new ObjectMapper().readTree(payload.copyOfBytes());
    assertThat(problem.fieldNames()).toIterable().containsExactly("type", "title", "status", "detail", "instance", "error", "errors", "fault");
    assertThat(problem.get("type").asText()).isEqualTo("https://faultline.dev/faults/validate.range");
    assertThat(problem.get("status").asInt()).isEqualTo(400);
    assertThat(problem.get("instance").asText()).isEqualTo("/faultline/v1/faults/flt_01JDA3X9M4Q8T2");
    assertThat(problem.get("error")).isEqualTo(problem.get("detail"));
    assertThat(problem.get("errors")).hasSize(2);
    assertThat(problem.at("/errors/0/field").asText()).isEqualTo("features[3].age");
    assertThat(problem.at("/fault/schema").asText()).isEqualTo("faultline/fault.v1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/problem+json", "text/html, Application/Problem+JSON;q=0.5", "application/problem+json;profile=\"x\", */*"})
  void aProblemIsWantedByName(String accept) {
    assertThat(ErrorBody.wantsProblem(accept)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*/*", "application/json", "application/*", "application/problem+json;q=0", "application/problem+json; q=0.0", "application/problem+jsonx"})
  void aWildcardOrARefusalIsNoWish(String accept) {
    assertThat(ErrorBody.wantsProblem(accept)).isFalse();
  }

  @Test
  void anErrorWithoutAFaultHasTheSameForm() {
    assertThat(Wire.text(ErrorBody.plain("Method Not Allowed"))).isEqualTo("{\"error\":\"Method Not Allowed\"}");
  }

  @Test
  void problemsWithoutAFaultHaveTheFourMembers() {
    Payload payload = ProblemJson.of(404, "Not Found", "there is no group 'FL-9'");
    assertThat(payload.contentType()).isEqualTo("application/problem+json");
    assertThat(Wire.text(payload)).isEqualTo("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is no group 'FL-9'\"}");
    assertThat(Wire.text(ProblemJson.of("https://x/y", 400, "T", "d"))).contains("\"type\":\"https://x/y\"");
  }

  @Test
  void theHeaderIsADictionaryOfTokensAndAQuotedPath() {
    assertThat(FaultHeader.of(Faults.occurrence(RANGE), FAULT))
        .isEqualTo("id=flt_01JDA3X9M4Q8T2, code=validate.range, stage=VALIDATE, blame=CALLER, field=\"inputs/features[3].age\", group=FL-17");
    assertThat(FaultHeader.of(Faults.occurrence(Faults.all("").get(5)), FaultContext.of(Standing.FAULT)))
        .isEqualTo("id=flt_01JDA3X9M4Q8T2, code=queue.full, stage=QUEUE, blame=CAPACITY");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      größe         | inputs/gr%C3%B6%C3%9Fe
      a%b           | inputs/a%25b
      😀            | inputs/%F0%9F%98%80
      a"b\\c, d=e   | inputs/a"b\\c, d=e
      """)
  void aPathNeverBreaksTheHeader(String name, String shown) {
    Fault fault = Faults.range(Field.input(name, "/inputs/0"), "");
    assertThat(StructuredField.parse(FaultHeader.of(Faults.occurrence(fault), FAULT))).containsEntry("field", shown).containsEntry("group", "FL-17");
  }

  @Test
  void lineBreaksAndLongPathsCannotEscapeTheHeader() {
    Fault fault = Faults.range(Field.input("x\r\nSet-Cookie: a=b" + "y".repeat(5_000), "/inputs/0"), "");
    String header = FaultHeader.of(Faults.occurrence(fault), FAULT);
    assertThat(header).doesNotContain("\r", "\n").hasSizeLessThan(1_000).contains("%0D%0A");
  }

  @Test
  void stagesAreTimedInTheirOrder() {
    List<StageRun> runs =
        List.of(
            new StageRun(Stage.DECODE, 0, 310_000, StageRun.Ending.COMPLETED),
            new StageRun(Stage.VALIDATE, 0, 499, StageRun.Ending.COMPLETED),
            new StageRun(Stage.INFER, 0, 12_345_678_900L, StageRun.Ending.FAULTED));
    assertThat(FaultHeader.serverTiming(runs)).isEqualTo("decode;dur=0.310, validate;dur=0.000, infer;dur=12345.679");
    assertThat(FaultHeader.serverTiming(List.of())).isEmpty();
  }
}
