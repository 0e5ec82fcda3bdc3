package dev.faultline.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Field;
import dev.faultline.request.Payload;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final TensorSpec FEATURES =
      TensorSpec.of("features", DataType.FP32, List.of(new Dimension.Free(), new Dimension.Fixed(3)))
          .withColumns(List.of("age", "income", "height"));
  private static final TensorSpec NAME = TensorSpec.of("name", DataType.BYTES, List.of(new Dimension.Free()));
  private static final Redaction INCOME = Redaction.of(List.of("features.income"), List.of());

  @Test
  void aHiddenTensorLosesItsValuesAndNothingElse() {
    String before = "{ \"inputs\":[ {\"name\":\"name\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"Ada\", \"Bob \\\" B\"]},"
        + "{\"name\":\"features\",\"data\":[[1.50,2,3e5]]}] }";

    assertThat(redacted(Redaction.of(List.of("name"), List.of()), before, FEATURES, NAME))
        .isEqualTo(
            "{ \"inputs\":[ {\"name\":\"name\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"[redacted]\", \"[redacted]\"]},"
                + "{\"name\":\"features\",\"data\":[[1.50,2,3e5]]}] }");
  }

  @Test
  void aHiddenColumnIsFoundInFlatAndInNestedData() {
    assertThat(redacted(INCOME, "{\"inputs\":[{\"name\":\"features\",\"shape\":[2,3],\"data\":[1,2,3,4,5,6]}]}", FEATURES))
        .isEqualTo("{\"inputs\":[{\"name\":\"features\",\"shape\":[2,3],\"data\":[1,0,3,4,0,6]}]}");
    assertThat(redacted(INCOME, "{\"inputs\":[{\"data\":[[1,-2.5e3,3],[4,NaN,6]],\"name\":\"features\",\"shape\":[2,3]}]}", FEATURES))
        .isEqualTo("{\"inputs\":[{\"data\":[[1,0,3],[4,0,6]],\"name\":\"features\",\"shape\":[2,3]}]}");
  }

  @Test
  void columnsThatCannotBeToldApartAreAllHidden() {
    assertThat(redacted(INCOME, "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"data\":[1,2,3,4]}]}", FEATURES)).contains("[0,0,0,0]");
    assertThat(redacted(INCOME, "{\"inputs\":[{\"name\":\"features\",\"data\":[1,2,3]}]}", FEATURES)).contains("[0,0,0]");
    assertThat(redacted(INCOME, "{\"inputs\":[{\"name\":\"features\",\"data\":[[1,2],[3,4,5]]}]}", FEATURES)).contains("[[0,0],[3,0,5]]");
    assertThat(redacted(INCOME, "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,3],\"data\":[1,2,3]}]}")).contains("[0,0,0]");
    assertThat(redacted(INCOME, "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,3],\"shape\":[3,1],\"data\":[1,2,3]}]}", FEATURES))
        .contains("[0,0,0]");
  }

  @Test
  void aMissingValueStaysMissing() {
    assertThat(redacted(INCOME, "{\"inputs\":[{\"name\":\"features\",\"data\":[[1,null,true]]}]}", FEATURES)).contains("[1,null,true]");
  }

  @Test
  void recordsLoseHiddenMembersAndRowsHiddenPositions() {
    Redaction both = Redaction.of(List.of("features.income", "name"), List.of());
    assertThat(redacted(both, "{\"instances\":[{\"age\":1,\"income\":2,\"height\":3,\"name\":\"Ada\"}]}", FEATURES, NAME))
        .isEqualTo("{\"instances\":[{\"age\":1,\"income\":0,\"height\":3,\"name\":\"[redacted]\"}]}");
    assertThat(redacted(INCOME, "{\"instances\":[{\"features\":[1,2,3]}]}", FEATURES)).contains("[1,0,3]");
    assertThat(redacted(INCOME, "{\"instances\":[[1,2,3],[4,5,6]]}", FEATURES)).contains("[[1,0,3],[4,0,6]]");
    assertThat(redacted(INCOME, "{\"instances\":[[1,2,3]]}", FEATURES, NAME)).contains("[[0,0,0]]");
  }

  @Test
  void hidingATensorHidesTheMembersThatAreItsColumns() {
    assertThat(redacted(Redaction.of(List.of("features"), List.of()), "{\"instances\":[{\"age\":1,\"name\":\"Ada\"}]}", FEATURES, NAME))
        .isEqualTo("{\"instances\":[{\"age\":0,\"name\":\"Ada\"}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inputs\":[{\"name\":\"Features\",\"shape\":[1,2],\"data\":[7341,7341]}]}",
        "{\"inputs\":[{\"shape\":[1,3],\"data\":[7341,7341,7341]}]}",
        "{\"inputs\":[{\"name\":\"other\",\"data\":[7341]}]}",
        "{\"inputs\":[{\"name\":\"name\",\"name\":\"features\",\"data\":[7341]}]}",
        "{\"inputs\":[{\"name\":\"features\",\"contents\":{\"fp32\":[7341]}}]}",
        "{\"inputs\":[7341]}",
        "{\"inputs\":{\"features\":[7341]}}",
        "{\"input\":[{\"name\":\"features\",\"data\":[7341]}]}",
        "{\"instances\":[{\"Income \":7341}]}",
        "{\"instances\":[{\"incomee\":7341}]}",
        "{\"instances\":[{\"age\":{\"income\":7341}}]}",
        "{\"instances\":7341,\"inputs\":[]}",
        "{\"inputs\":[],\"rest\":[7341]}",
        "{\"inputs\":[],\"parameters\":{\"income\":7341}}",
        "[[7341]]",
        "7341",
        "\"7341\"",
        "{\"inputs\":[{\"name\":\"features\",\"data\":[7341",
        "{\"inputs\":[]} 7341",
        "\uFEFF{\"inputs\":[{\"name\":\"features\",\"data\":[7341]}]}",
        "7341 is not JSON"
      })
  void inDoubtAValueIsHidden(String payload) {
    assertThat(redacted(INCOME, payload, FEATURES, NAME)).doesNotContain("7341");
  }

  @Test
  void payloadsInAnotherEncodingAreWithheld() {
    byte[] bytes = "{\"inputs\":[{\"name\":\"features\",\"data\":[[1,7341,3]]}]}".getBytes(StandardCharsets.UTF_16BE);
    Redaction.Redacted redacted = INCOME.payload(Payload.of(bytes, "application/json"), Redaction.Form.json(List.of(FEATURES)));

    assertThat(redacted.changed()).isTrue();
    assertThat(redacted.payload().contentType()).isEqualTo(Redaction.WITHHELD);
  }

  @Test
  void whatIsWithheldSaysHowMuchItWas() {
    assertThat(redacted(INCOME, "not JSON", FEATURES)).contains("\"bytes\":8", "\"content_type\":\"application/json\"", "\"sha256\":\"");
  }

  @Test
  void aPayloadWithoutHiddenValuesIsTheSameObject() {
    Payload payload = json("{\"inputs\":[{\"name\":\"name\",\"data\":[\"Ada\"]}]}");
    Redaction.Redacted redacted = INCOME.payload(payload, Redaction.Form.json(List.of(FEATURES, NAME)));

    assertThat(redacted.changed()).isFalse();
    assertThat(redacted.payload()).isSameAs(payload);
  }

  @Test
  void withoutConfiguredFieldsMalformedPayloadsAreKept() {
    Payload payload = json("{\"inputs\":[");

    assertThat(Redaction.NONE.payload(payload, Redaction.Form.json(List.of())).payload()).isSameAs(payload);
  }

  @Test
  void binaryTensorsLoseHiddenColumnsOnly() {
    String header =
        "{\"inputs\":[{\"name\":\"features\",\"shape\":[2,3],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":24}},"
            + "{\"name\":\"name\",\"shape\":[1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":7}}]}";
    ByteBuffer rest = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : new float[] {1, 2, 3, 4, 5, 6}) {
      rest.putFloat(value);
    }
    rest.putInt(3).put("Ada".getBytes(StandardCharsets.UTF_8));

    ByteBuffer columns = binary(INCOME, header, rest.array());
    assertThat(List.of(columns.getFloat(), columns.getFloat(), columns.getFloat(), columns.getFloat(), columns.getFloat(), columns.getFloat()))
        .containsExactly(1f, 0f, 3f, 4f, 0f, 6f);
    assertThat(columns.getInt()).isEqualTo(3);
    assertThat((char) columns.get()).isEqualTo('A');

    ByteBuffer text = binary(Redaction.of(List.of("name"), List.of()), header, rest.array());
    assertThat(text.getFloat(4)).isEqualTo(2f);
    assertThat(text.getInt(24)).isEqualTo(3);
    assertThat(text.get(28)).isZero();
  }

  @Test
  void binaryTensorsThatDoNotAddUpAreZeroed() {
    String header = "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,3],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":12}}]}";
    byte[] rest = new byte[16];
    java.util.Arrays.fill(rest, (byte) 7);

    assertThat(binary(INCOME, header, rest).array()).containsOnly(0);
  }

  @Test
  void rawElementsOfTheOnlyInputLoseHiddenColumns() {
    byte[] raw = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3).array();
    var form = new Redaction.Form(Redaction.Encoding.RAW, -1, List.of(FEATURES));
    byte[] after = INCOME.payload(Payload.of(raw, "application/octet-stream"), form).payload().copyOfBytes();

    assertThat(ByteBuffer.wrap(after).order(ByteOrder.LITTLE_ENDIAN).getFloat(4)).isZero();
    assertThat(ByteBuffer.wrap(after).order(ByteOrder.LITTLE_ENDIAN).getFloat(8)).isEqualTo(3f);
  }

  @Test
  void opaquePayloadsAreWithheldOnlyWhenFieldsAreHidden() {
    Payload payload = Payload.of(new byte[] {1, 2, 3}, "application/grpc");
    var form = new Redaction.Form(Redaction.Encoding.OPAQUE, -1, List.of(FEATURES));

    assertThat(INCOME.payload(payload, form).payload().contentType()).isEqualTo(Redaction.WITHHELD);
    assertThat(Redaction.NONE.payload(payload, form).payload()).isSameAs(payload);
  }

  @Test
  void headersAreHiddenWhateverTheirCase() {
    Redaction redaction = Redaction.of(List.of(), List.of("X-Client-Id"), "***");

    assertThat(redaction.headers(Map.of("x-client-id", "acme", "user-agent", "curl")))
        .isEqualTo(Map.of("x-client-id", "***", "user-agent", "curl"));
  }

  @Test
  void aReferenceIsHiddenWhenAnythingItNamesIs() {
    assertThat(INCOME.hides(new FieldRef("features", "income"))).isTrue();
    assertThat(INCOME.hides(new FieldRef("features", "age"))).isFalse();
    assertThat(INCOME.hides(FieldRef.of("features"))).isTrue();
    assertThat(INCOME.hides(FieldRef.of("name"))).isFalse();
    assertThat(Redaction.of(List.of("income"), List.of()).hides(new FieldRef("features", "income"))).isTrue();
    assertThat(INCOME.hides(Field.inputElement("features", Shape.of(1, 3), 1, FEATURES.columns(), ""))).isTrue();
    assertThat(INCOME.hides(Field.inputElement("features", Shape.of(1, 3), 0, FEATURES.columns(), ""))).isFalse();
  }

  private static ByteBuffer binary(Redaction redaction, String header, byte[] rest) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    var all = new ByteArrayOutputStream();
    all.writeBytes(json);
    all.writeBytes(rest);
    var form = new Redaction.Form(Redaction.Encoding.JSON, json.length, List.of(FEATURES, NAME));
    byte[] after = redaction.payload(Payload.of(all.toByteArray(), "application/octet-stream"), form).payload().copyOfBytes();
    assertThat(new String(after, 0, json.length, StandardCharsets.UTF_8)).isEqualTo(header);
    return ByteBuffer.wrap(java.util.Arrays.copyOfRange(after, json.length, after.length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String redacted(Redaction redaction, String payload, TensorSpec... inputs) {
    return new String(
        redaction.payload(json(payload), Redaction.Form.json(List.of(inputs))).payload().copyOfBytes(), StandardCharsets.UTF_8);
  }

  private static Payload json(String text) {
    return Payload.of(text.getBytes(StandardCharsets.UTF_8), "application/json");
  }
}
