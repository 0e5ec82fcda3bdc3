package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The conformance table: every odd payload and its one defined answer. `'` is written for the JSON quote.
class JsonOddityTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      empty                    | `  `                                                                        | ``                   | the payload is empty
      only blanks              | `   \n `                                                                    | ``                   | the payload is empty
      not JSON                 | hello                                                                       | ``                   | not JSON at line 1, column
      not an object            | [1]                                                                         | ``                   | an array (expected: a JSON object)
      null                     | null                                                                        | ``                   | null (expected: a JSON object)
      cut off                  | {'inputs':[{'name':'x','shape':[1                                           | /inputs/0/shape/0    | cut off
      cut off in a name        | {'inp                                                                       | ``                   | cut off
      bare word                | {'id':abc}                                                                  | /id                  | not JSON at line 1, column
      single quotes            | {"id":"x"}                                                                  | ``                   | not JSON at line 1, column
      trailing comma           | {'inputs':[],}                                                              | /inputs              | not JSON at line 1, column
      comment                  | {'inputs':[] /* c */}                                                       | /inputs              | not JSON at line 1, column
      leading zero             | {'inputs':[],'x':007}                                                       | /x                   | not JSON at line 1, column
      plus sign                | {'inputs':[],'x':+1}                                                        | /x                   | not JSON at line 1, column
      bare point               | {'inputs':[],'x':.5}                                                        | /x                   | not JSON at line 1, column
      trailing content         | {'inputs':[]} {'inputs':[]}                                                 | ``                   | after the end of the request there is an object at line 1, column 15
      trailing garbage         | {'inputs':[]} x                                                             | ``                   | not JSON at line 1, column
      member twice             | {'inputs':[],'inputs':[]}                                                   | /inputs              | member 'inputs' stands twice in one object at line 1
      member twice in an input | {'inputs':[{'name':'a','name':'b'}]}                                        | /inputs/0/name       | member 'name' stands twice
      parameter twice          | {'parameters':{'p':1,'p':2}}                                                | /parameters/p        | member 'p' stands twice
      unknown member twice     | {'z':{'deep':[{'k':1,'k':1}]}}                                              | /z/deep/0/k          | member 'k' stands twice
      no inputs                | {}                                                                          | ``                   | has no 'inputs'
      inputs null              | {'inputs':null}                                                             | /inputs              | inputs is null (expected: an array of tensors)
      inputs an object         | {'inputs':{}}                                                               | /inputs              | inputs is an object
      input a number           | {'inputs':[5]}                                                              | /inputs/0            | inputs[0] is the number 5
      no name                  | {'inputs':[{'shape':[1],'datatype':'FP32','data':[1]}]}                     | /inputs/0            | has no 'name'
      no shape                 | {'inputs':[{'name':'x','datatype':'FP32','data':[1]}]}                      | /inputs/0            | inputs[0] 'x' has no 'shape'
      no datatype              | {'inputs':[{'name':'x','shape':[1],'data':[1]}]}                            | /inputs/0            | inputs[0] 'x' has no 'datatype'
      no data                  | {'inputs':[{'name':'x','shape':[1],'datatype':'FP32'}]}                     | /inputs/0            | inputs[0] 'x' has no 'data'
      name a number            | {'inputs':[{'name':7}]}                                                     | /inputs/0/name       | name is the number 7 (expected: a string)
      half a pair in a name    | {'inputs':[{'name':'\\ud800'}]}                                             | /inputs/0/name       | half of a surrogate pair
      datatype a number        | {'inputs':[{'datatype':7}]}                                                 | /inputs/0/datatype   | datatype is the number 7
      shape a number           | {'inputs':[{'shape':7}]}                                                    | /inputs/0/shape      | shape is the number 7
      dimension a text         | {'inputs':[{'shape':['7']}]}                                                | /inputs/0/shape/0    | shape[0] is the string "7"
      dimension a fraction     | {'inputs':[{'shape':[1,2.0]}]}                                              | /inputs/0/shape/1    | shape[1] is the number 2.0
      dimension negative       | {'inputs':[{'shape':[-1]}]}                                                 | /inputs/0/shape/0    | shape[0] is the number -1 (expected: a whole number from 0)
      dimension too long       | {'inputs':[{'shape':[99999999999999999999]}]}                               | /inputs/0/shape/0    | shape[0] is the number 99999999999999999999
      dimensions overflow      | {'inputs':[{'shape':[4294967296,4294967296]}]}                              | /inputs/0/shape      | more elements than can be counted
      too many dimensions      | {'inputs':[{'shape':[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}]} | /inputs/0/shape/32 | more than 32 dimensions
      data a number            | {'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':5}]}            | /inputs/0/data       | data is the number 5 (expected: an array)
      data null                | {'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':null}]}         | /inputs/0/data       | data is null
      early data an object     | {'inputs':[{'data':{}}]}                                                    | /inputs/0/data       | data is an object
      input twice              | {'inputs':[{'name':'x','shape':[0],'datatype':'FP32','data':[]},{'name':'x','shape':[0],'datatype':'FP32','data':[]}]} | /inputs/1 | input 'x' is there twice
      id a number              | {'id':5,'inputs':[]}                                                        | /id                  | id is the number 5 (expected: a string)
      parameters an array      | {'parameters':[],'inputs':[]}                                               | /parameters          | parameters is an array
      parameter null           | {'parameters':{'p':null}}                                                   | /parameters/p        | parameter 'p' is null
      parameter an object      | {'parameters':{'p':{}}}                                                     | /parameters/p        | parameter 'p' is an object
      parameter NaN            | {'parameters':{'p':NaN}}                                                    | /parameters/p        | parameter 'p' is the number NaN
      parameter beyond a long  | {'parameters':{'p':9223372036854775808}}                                    | /parameters/p        | parameter 'p' is the number 9223372036854775808
      input parameter an array | {'inputs':[{'parameters':{'p':[]}}]}                                        | /inputs/0/parameters/p | parameter 'p' is an array
      timeout a text           | {'parameters':{'timeout':'5'},'inputs':[]}                                  | /parameters/timeout  | parameter 'timeout' is 5 (expected: a whole number of microseconds
      timeout negative         | {'parameters':{'timeout':-5},'inputs':[]}                                   | /parameters/timeout  | parameter 'timeout' is -5
      pinned version a boolean | {'parameters':{'faultline_pin_version':true},'inputs':[]}                   | /parameters/faultline_pin_version | is true (expected: a version)
      outputs an object        | {'inputs':[],'outputs':{}}                                                  | /outputs             | outputs is an object
      output a text            | {'inputs':[],'outputs':['y']}                                               | /outputs/0           | outputs[0] is the string "y"
      output without name      | {'inputs':[],'outputs':[{}]}                                                | /outputs/0           | outputs[0] has no 'name'
      output twice             | {'inputs':[],'outputs':[{'name':'y'},{'name':'y'}]}                         | /outputs/1           | output 'y' is there twice
      """)
  void isADecodeFaultThatSaysWhatAndWhere(String oddity, String payload, String pointer, String said) {
    DecodeFault.Json fault = Wire.notJson(json(oddity, payload));
    assertThat(fault.summary()).contains(said);
    assertThat(fault.where().pointer()).isEqualTo(pointer);
    assertThat(fault.httpStatus()).isEqualTo(400);
  }

  @Test
  void nestingNumbersTextsAndNamesBeyondTheirBoundsAreRefused() {
    assertThat(Wire.notJson("{\"a\":" + "[".repeat(70) + "]".repeat(70) + "}").summary()).contains("exceeds a bound", "(65)", "(64)");
    assertThat(Wire.notJson(Wire.request("FP64", "[1]", "[" + "1".repeat(1001) + "]")).summary()).contains("exceeds a bound", "1001");
    assertThat(Wire.notJson(Wire.request("BYTES", "[1]", "[\"" + "a".repeat(JsonBounds.STRING_CHARS_MAX + 1) + "\"]")).summary())
        .contains("exceeds a bound");
    assertThat(Wire.notJson("{\"" + "k".repeat(60_000) + "\":1}").summary()).contains("exceeds a bound");
    assertThat(Wire.notJson("{\"id\":\"" + "k".repeat(2_000) + "\"}").summary()).isEqualTo("id has 2000 characters (expected: at most 1024)");
  }

  @Test
  void moreInputsThanTheBoundAreRefused() {
    var json = new StringBuilder("{\"inputs\":[");
    for (int i = 0; i <= JsonBounds.TENSORS_MAX; i++) {
      json.append(i == 0 ? "" : ",").append("{\"name\":\"").append(i).append("\",\"shape\":[0],\"datatype\":\"BOOL\",\"data\":[]}");
    }
    assertThat(Wire.notJson(json.append("]}").toString()).summary()).isEqualTo("the request has more than 4096 inputs");
  }

  @ParameterizedTest
  @CsvSource({"80", "C0AF", "E08080", "EDA080", "F4908080", "F8", "C3", "FF"})
  void malformedUtf8IsRefusedWithItsPlace(String hex) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes("{\n \"id\":\"".getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(java.util.HexFormat.of().parseHex(hex));
    bytes.writeBytes("\",\"inputs\":[]}".getBytes(StandardCharsets.UTF_8));
    assertThat(Wire.fault(bytes.toByteArray()).summary()).startsWith("the payload is not UTF-8 at line 2, column 8 (byte 9): found 0x");
  }

  @Test
  void otherUnicodeEncodingsAreRefused() {
    assertThat(Wire.fault("{\"inputs\":[]}".getBytes(StandardCharsets.UTF_16LE)).summary()).contains("not JSON");
    assertThat(Wire.fault("{\"inputs\":[]}".getBytes(StandardCharsets.UTF_16)).summary()).contains("not UTF-8");
  }

  @Test
  void theInputIsNamedInWhichAMistakeLies() {
    String twice = "{\"inputs\":[{\"name\":\"a\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]},{\"shape\":[1],\"data\":[1],\"data\":[2],\"name\":\"b\"}]}";
    assertThat(Wire.notJson(twice).where().tensor()).isEqualTo("b");
    assertThat(Wire.notJson(twice).where().pointer()).isEqualTo("/inputs/1/data");
    assertThat(Wire.notJson("{\"inputs\":[{\"name\":\"a\",\"shape\":[x").where().tensor()).isEqualTo("a");
    assertThat(Wire.notJson("{\"inputs\":[{\"shape\":[x],\"name\":\"a\"}]}").where().tensor()).isEmpty();
    assertThat(Wire.fault(Wire.request("FP3", "[1]", "[1]")).field().orElseThrow().tensor()).isEqualTo("x");
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    assertThat(Wire.decode("\uFEFF{\"id\":\"ü\",\"inputs\":[]}").id()).isEqualTo("ü");
  }

  @ParameterizedTest
  @CsvSource({
    "STRING, BYTES", "float32, FP32", "TYPE_INT64, INT64", "FP3, FP32", "double, FP64", "Bool, BOOL", "INTT64, INT64", "'', BOOL"
  })
  void anUnknownDatatypeIsAnsweredWithTheNearest(String sent, String nearest) {
    Fault fault = Wire.fault(Wire.request(sent, "[1]", "[1]"));
    assertThat(fault.code().label()).isEqualTo("decode.data_type_unsupported");
    assertThat(fault.summary()).isEqualTo("datatype is '" + sent + "' (expected: one of the protocol's; did you mean " + nearest + "?)");
    assertThat(fault.field().orElseThrow().pointer()).isEqualTo("/inputs/0/datatype");
  }

  @ParameterizedTest
  @CsvSource({"FP16", "BF16"})
  void halfFloatsAreAnsweredInTritonsWords(String type) {
    Fault fault = Wire.fault(Wire.request(type, "[1]", "[1]"));
    assertThat(fault.code().label()).isEqualTo("decode.data_type_unsupported");
    assertThat(fault.summary())
        .isEqualTo("receiving " + type + " data via JSON is not supported. Please use the binary data format for input x");
  }

  @Test
  void binaryDataThatDoesNotFollowIsMissed() {
    Fault fault =
        Wire.fault("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":4}}]}");
    assertThat(fault).isEqualTo(new DecodeFault.BinaryLength(dev.faultline.fault.Field.input("x", "/inputs/0"), 0, 4));
    assertThat(Wire.notJson("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":-4}}]}").where().pointer())
        .isEqualTo("/inputs/0/parameters/binary_data_size");
  }

  @Test
  void jacksonsOwnWordsAndSettingsDoNotReachTheCallerButItsTraceIsKept() {
    DecodeFault.Json fault = Wire.notJson("{\"id\":nan}");
    assertThat(fault.summary()).doesNotContain("Source", "JsonReadFeature", "enable");
    assertThat(fault.thrown().orElseThrow().type()).startsWith("com.fasterxml.jackson");
  }

  /// Blank cells cannot be told from empty ones in the table.
  private static String json(String oddity, String payload) {
    return switch (oddity) {
      case "single quotes" -> "{'id':'x'}";
      default -> payload.replace('\'', '"').replace("\\n", "\n").replace("\\\\u", "\\u");
    };
  }
}
