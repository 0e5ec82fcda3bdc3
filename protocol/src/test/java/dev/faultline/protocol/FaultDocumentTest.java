package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.RouteFault;
import dev.faultline.protocol.FaultContext.Standing;
import dev.faultline.request.Passage;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.request.StageRun;
import dev.faultline.request.StepRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultDocumentTest {
  private static final ObjectMapper STRICT = new ObjectMapper();
  private static final FaultContext FAULT = FaultContext.of(Standing.FAULT);
  private static final List<String> MEMBERS =
      List.of(
          "schema", "id", "group", "fingerprint", "code", "stage", "blame", "suspicion", "confidence", "summary", "model", "field", "step", "node",
          "errors", "evidence", "ruled_out", "mend", "request", "wire", "stages_ms", "occurred_at");

  static Stream<Fault> faults() {
    return Faults.all("plain").stream();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyDocumentHasEveryMemberAtEveryLevel(Fault fault) {
    for (DetailLevel level : DetailLevel.values()) {
      ObjectNode document = document(fault, FAULT, level);
      assertThat(document.fieldNames()).toIterable().containsExactlyElementsOf(MEMBERS);
      assertThat(document.get("model").fieldNames()).toIterable().containsExactly("name", "version", "digest");
      assertThat(document.get("request").fieldNames()).toIterable().containsExactly("id", "trace_id", "protocol", "capture", "redacted");
      assertThat(document.get("wire").fieldNames()).toIterable().containsExactly("http", "grpc");
      for (String list : List.of("errors", "evidence", "ruled_out", "mend")) {
        assertThat(document.get(list).isArray()).as(list).isTrue();
      }
      assertThat(document.get("field").isNull() || document.get("field").size() == 5).isTrue();
      assertThat(document.get("node").isNull() || document.get("node").size() == 4).isTrue();
      assertThat(document.get("confidence").asText()).isIn("SUPPORTED", "SUSPECTED");
    }
  }

  @Test
  void aContractBreachIsToldWhole() throws JsonProcessingException {
    Field field = new Field("inputs/features[3].age", "features", List.of(3L, 0L), "age", "/inputs/0/data/9");
    FaultContext context = FAULT.inGroup("FL-17", "v1:9f").keptAs("cap_1", true);
    ObjectNode document = document(Faults.range(field, ""), context, DetailLevel.INTERNAL);
    assertThat(STRICT.readTree(FaultDocument.text(document)))
        .isEqualTo(
            STRICT.readTree(
                """
                {"schema":"faultline/fault.v1","id":"flt_01JDA3X9M4Q8T2","group":"FL-17","fingerprint":"v1:9f",
                 "code":"validate.range","stage":"VALIDATE","blame":"CALLER","suspicion":false,"confidence":"SUPPORTED",
                 "summary":"inputs/features[3].age is -4 (expected: 0..120); and 1 more",
                 "model":{"name":"m","version":"7","digest":"sha256:ab"},
                 "field":{"path":"inputs/features[3].age","tensor":"features","index":[3,0],"column":"age","pointer":"/inputs/0/data/9"},
                 "step":null,"node":null,
                 "errors":[{"pointer":"/inputs/0/data/9","field":"features[3].age","rule":"range","got":"-4","want":"0..120"},
                           {"pointer":"/inputs/1","field":"b","rule":"null","got":"null","want":"a number"}],
                 "evidence":[{"kind":"value","got":"-4","allowed":"0..120","source":"contract.yaml"}],
                 "ruled_out":[{"stage":"DECODE","why":"completed in 0.310 ms","ms":0.31},{"stage":"ROUTE","why":"completed in 0.310 ms","ms":0.31}],
                 "mend":%s,
                 "request":{"id":"req-1","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","protocol":"v2-rest","capture":"cap_1","redacted":true},
                 "wire":{"http":400,"grpc":"INVALID_ARGUMENT"},
                 "stages_ms":{"decode":0.31,"route":0.31,"validate":0.31},
                 "occurred_at":"2026-11-23T10:04:11.482Z"}
                """.formatted(document.get("mend"))));
  }

  @Test
  void evidenceIsTypedAndNumbersThatJsonLacksAreNull() throws JsonProcessingException {
    ObjectNode document = document(Faults.all("t").get(6), FAULT, DetailLevel.INTERNAL);
    assertThat(STRICT.readTree(FaultDocument.text(document)).get("evidence"))
        .isEqualTo(
            STRICT.readTree(
                """
                [{"kind":"value","got":"t","allowed":"t","source":"t"},
                 {"kind":"engine","engine":"onnxruntime/1.29.0","code":"ORT_FAIL","message":"t"},
                 {"kind":"summary","at":"t","tensor":"t","datatype":"FP32","shape":[2],"count":2,"finite":0,"nan":2,"infinite":0,
                  "min":null,"max":null,"mean":null,"first_nonfinite":0},
                 {"kind":"limit","name":"t","got":null,"limit":5,"unit":"ms"},
                 {"kind":"swallowed","by":{"index":41,"name":"t","op":"Gather","output":"t"},"value":"t","nonfinite":3}]
                """));
    assertThat(document.get("node").toString()).isEqualTo("{\"index\":41,\"name\":\"t\",\"op\":\"Gather\",\"output\":\"t\"}");
  }

  @ParameterizedTest
  @MethodSource("secretive")
  void thePublicLevelEchoesNothingButFieldAndRule(Fault fault) {
    String text = FaultDocument.text(document(fault, FAULT, DetailLevel.PUBLIC));
    assertThat(text).doesNotContain("s3cret");
    String sentence = Wire.text(ErrorBody.sentence(Faults.occurrence(fault), DetailLevel.PUBLIC));
    assertThat(sentence).doesNotContain("s3cret");
  }

  /// Every text but those of fields, which the public level names.
  static Stream<Fault> secretive() {
    return Faults.all("s3cret").stream().filter(fault -> fault.field().isEmpty() || fault.breaches().size() > 1).map(FaultDocumentTest::withPublicField);
  }

  private static Fault withPublicField(Fault fault) {
    return fault.breaches().isEmpty() ? fault : Faults.range(Field.input("age", "/inputs/0"), "s3cret");
  }

  @Test
  void thePublicLevelStillNamesFieldAndRule() {
    ObjectNode document = document(Faults.range(Field.input("age", "/inputs/0"), ""), FAULT, DetailLevel.PUBLIC);
    assertThat(document.get("summary").asText()).isEqualTo("A value is outside the contract's range: inputs/age");
    assertThat(document.at("/errors/0").toString())
        .isEqualTo("{\"pointer\":\"/inputs/0\",\"field\":\"age\",\"rule\":\"range\",\"got\":null,\"want\":null}");
  }

  @Test
  void aSuspicionSaysSoAndThatItWasServed() {
    ObjectNode document = document(Faults.all("t").get(9), FaultContext.of(Standing.SUSPICION), DetailLevel.INTERNAL);
    assertThat(document.get("suspicion").asBoolean()).isTrue();
    assertThat(document.get("wire").toString()).isEqualTo("{\"http\":200,\"grpc\":\"OK\"}");
  }

  @Test
  void aStatedConfidenceIsKept() {
    assertThat(document(Faults.all("t").getFirst(), FAULT.withConfidence("VERIFIED"), DetailLevel.INTERNAL).get("confidence").asText()).isEqualTo("VERIFIED");
  }

  @Test
  void aStageThatChangesValuesIsNotRuledOutByCompleting() {
    Fault check = Faults.all("t").get(9);
    assertThat(stages(document(check, FAULT, DetailLevel.INTERNAL).get("ruled_out")))
        .containsExactly("DECODE", "ROUTE", "VALIDATE", "PREPROCESS", "QUEUE", "POSTPROCESS");
    Passage plain = Faults.passage(check);
    var step = new StepRun(dev.faultline.fault.Stage.PREPROCESS, "log_speed", "log", List.of(), List.of(), 5);
    var stepped =
        new Passage(
            plain.arrival(), plain.version(), plain.requests(), plain.stages(), List.of(step), plain.engineInputs(), plain.outputs(), plain.totalNanos());
    JsonNode ruledOut = FaultDocument.of(Faults.occurrence(check), stepped, FAULT, DetailLevel.INTERNAL).get("ruled_out");
    assertThat(stages(ruledOut)).doesNotContain("PREPROCESS", "INFER");
  }

  @Test
  void anUnresolvedModelIsTheOneAskedForWithoutAVersion() {
    var fault = new RouteFault.ModelNotFound("m", List.of());
    Passage passage = Faults.passage(List.of(new StageRun(fault.stage(), 0, 1, StageRun.Ending.FAULTED)), ResolvedVersion.NONE);
    JsonNode model = FaultDocument.of(Faults.occurrence(fault), passage, FAULT, DetailLevel.INTERNAL).get("model");
    assertThat(model.toString()).isEqualTo("{\"name\":\"m\",\"version\":null,\"digest\":null}");
  }

  @Test
  void anyTextLeavesDocumentBodyAndHeaderWellFormed() throws Exception {
    long seed = System.nanoTime();
    System.out.println("FaultDocumentTest seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      String text = randomText(random);
      List<Fault> faults = Faults.all(text);
      Fault fault = faults.get(random.nextInt(faults.size()));
      Passage passage = Faults.passage(fault);
      FaultContext context = FAULT.inGroup(text, text).keptAs(text, false);
      String document = FaultDocument.text(FaultDocument.of(Faults.occurrence(fault), passage, context, DetailLevel.INTERNAL));
      assertThat(STRICT.readTree(document).size()).isEqualTo(MEMBERS.size());
      assertThat(Utf8.isWellFormed(document.getBytes(StandardCharsets.UTF_8))).isTrue();
      JsonNode body = STRICT.readTree(ErrorBody.sentence(Faults.occurrence(fault), DetailLevel.INTERNAL).copyOfBytes());
      assertThat(body.get("error").asText()).endsWith("[flt_01JDA3X9M4Q8T2]");
      assertThat(StructuredField.parse(FaultHeader.of(Faults.occurrence(fault), context))).containsKeys("id", "code", "stage", "blame");
    }
  }

  /// Controls, quotes, percent signs, letters of one to four bytes and halves of surrogate pairs.
  private static String randomText(Random random) {
    var text = new StringBuilder();
    int length = random.nextInt(random.nextInt(20) == 0 ? 2_000 : 20);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(6)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1 -> text.append("\"\\%,;=/~\u007f".charAt(random.nextInt(9)));
        case 2 -> text.append((char) (0x20 + random.nextInt(0x60)));
        case 3 -> text.append((char) random.nextInt(0x10000));
        case 4 -> text.appendCodePoint(0x10000 + random.nextInt(0x10000));
        default -> text.append((char) (0xD800 + random.nextInt(0x800)));
      }
    }
    return text.toString();
  }

  private static List<String> stages(JsonNode ruledOut) {
    return ruledOut.findValuesAsText("stage");
  }

  private static ObjectNode document(Fault fault, FaultContext context, DetailLevel level) {
    return FaultDocument.of(Faults.occurrence(fault), Faults.passage(fault), context, level);
  }
}
