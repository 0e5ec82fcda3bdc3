package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.Shape;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What one JSON value becomes inside `data`, by data type. `'` is written for the JSON quote.
class ElementOddityTest {

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      FP32   | 1.5                     | 1.5
      FP32   | 7                       | 7.0
      FP32   | 0.1                     | 0.1
      FP32   | -0.0                    | -0.0
      FP32   | 16777217                | 1.6777216E7
      FP32   | 3.4028235e38            | 3.4028235E38
      FP32   | 1e-50                   | 0.0
      FP32   | 340282346638528859811704183484516925440 | 3.4028235E38
      FP32   | 1.00000017881393432617187499 | 1.0000001
      FP32   | NaN                     | NaN
      FP32   | Infinity                | Infinity
      FP32   | -Infinity               | -Infinity
      FP64   | 0.1                     | 0.1
      FP64   | 1e308                   | 1.0E308
      FP64   | 9007199254740993        | 9.007199254740992E15
      FP64   | NaN                     | NaN
      FP64   | -Infinity               | -Infinity
      INT8   | -128                    | -128
      INT8   | 127                     | 127
      UINT8  | 255                     | 255
      INT16  | -32768                  | -32768
      UINT16 | 65535                   | 65535
      INT32  | 2147483647              | 2147483647
      INT32  | 3.0                     | 3
      INT32  | 1e3                     | 1000
      INT32  | 12.50e1                 | 125
      INT32  | -0.0                    | 0
      INT32  | 0e99999999999           | 0
      UINT32 | 4294967295              | 4294967295
      INT64  | -9223372036854775808    | -9223372036854775808
      INT64  | 9223372036854775807     | 9223372036854775807
      INT64  | 9007199254740993.0      | 9007199254740993
      UINT64 | 18446744073709551615    | 18446744073709551615
      UINT64 | 9223372036854775808     | 9223372036854775808
      BOOL   | true                    | true
      BOOL   | false                   | false
      BYTES  | 'héllo 😀'              | héllo 😀
      BYTES  | ''                      | ``
      BYTES  | '\\u0041\\u00e9'        | Aé
      """)
  void isKept(String type, String value, String kept) {
    InputTensor input = Wire.element(type, value.replace('\'', '"').replace("\\\\", "\\"));
    assertThat(input.misfits()).isEmpty();
    assertThat(input.misfitCount()).isZero();
    assertThat(input.tensor().textAt(0)).isEqualTo(kept);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      FP32   | null                    | NULL         | null
      FP32   | '120'                   | WRONG_TYPE   | "120"
      FP32   | true                    | WRONG_TYPE   | true
      FP32   | {'a':[1]}               | WRONG_TYPE   | {...}
      FP32   | 1e39                    | OUT_OF_RANGE | 1e39
      FP32   | -1e39                   | OUT_OF_RANGE | -1e39
      FP32   | 3.4028236e38            | OUT_OF_RANGE | 3.4028236e38
      FP32   | 1e999                   | OUT_OF_RANGE | 1e999
      FP32   | 999999999999999999999999999999999999999999 | OUT_OF_RANGE | 999999999999999999999999999999999999999999
      FP32   | -INF                    | WRONG_TYPE   | -INF
      FP64   | 1e999                   | OUT_OF_RANGE | 1e999
      FP64   | -1e99999999999          | OUT_OF_RANGE | -1e99999999999
      FP64   | 'NaN'                   | WRONG_TYPE   | "NaN"
      FP64   | null                    | NULL         | null
      UINT8  | 300                     | OUT_OF_RANGE | 300
      UINT8  | -1                      | OUT_OF_RANGE | -1
      INT8   | 128                     | OUT_OF_RANGE | 128
      INT16  | 32768                   | OUT_OF_RANGE | 32768
      UINT16 | 65536                   | OUT_OF_RANGE | 65536
      INT32  | 2147483648              | OUT_OF_RANGE | 2147483648
      UINT32 | 4294967296              | OUT_OF_RANGE | 4294967296
      INT64  | 9223372036854775808     | OUT_OF_RANGE | 9223372036854775808
      UINT64 | 18446744073709551616    | OUT_OF_RANGE | 18446744073709551616
      UINT64 | -1                      | OUT_OF_RANGE | -1
      INT64  | 1e999999999             | OUT_OF_RANGE | 1e999999999
      INT64  | 1e-99999999999          | NOT_INTEGRAL | 1e-99999999999
      INT64  | 3.5                     | NOT_INTEGRAL | 3.5
      INT64  | 9007199254740993.5      | NOT_INTEGRAL | 9007199254740993.5
      INT64  | 3.0000000000000000000001 | NOT_INTEGRAL | 3.0000000000000000000001
      INT64  | NaN                     | WRONG_TYPE   | NaN
      INT64  | Infinity                | WRONG_TYPE   | Infinity
      INT64  | '7'                     | WRONG_TYPE   | "7"
      INT64  | true                    | WRONG_TYPE   | true
      INT64  | null                    | NULL         | null
      BOOL   | 0                       | WRONG_TYPE   | 0
      BOOL   | 1                       | WRONG_TYPE   | 1
      BOOL   | 'true'                  | WRONG_TYPE   | "true"
      BOOL   | null                    | NULL         | null
      BOOL   | NaN                     | WRONG_TYPE   | NaN
      BYTES  | 5                       | WRONG_TYPE   | 5
      BYTES  | NaN                     | WRONG_TYPE   | NaN
      BYTES  | null                    | NULL         | null
      BYTES  | '\\ud83d'               | WRONG_TYPE   | text with half of a surrogate pair
      """)
  void isAMisfitWithAStandIn(String type, String value, String kind, String got) {
    InputTensor input = Wire.element(type, value.replace('\'', '"').replace("\\\\", "\\"));
    assertThat(input.misfits()).containsExactly(new Misfit(0, Misfit.Kind.valueOf(kind), got));
    assertThat(input.misfitCount()).isEqualTo(1);
    String standIn = input.tensor().type().isFloating() ? "NaN" : type.equals("BYTES") ? "" : type.equals("BOOL") ? "false" : "0";
    assertThat(input.tensor().textAt(0)).isEqualTo(standIn);
  }

  @Test
  void misfitsAreAllCountedAndTheFirstSixtyFourKept() {
    InputTensor input = Wire.input("INT32", "[200]", Collections.nCopies(200, "null").toString());
    assertThat(input.misfitCount()).isEqualTo(200);
    assertThat(input.misfits()).hasSize(64).last().isEqualTo(new Misfit(63, Misfit.Kind.NULL, "null"));
    assertThat(input.tensor().count()).isEqualTo(200);
  }

  @Test
  void manyMissingValuesDoNotHideOneOfAWrongType() {
    InputTensor input = Wire.input("INT32", "[102]", "[" + "null,".repeat(100) + "\"a\",1.5]");
    assertThat(input.misfitCount()).isEqualTo(102);
    assertThat(input.misfits()).hasSize(66).endsWith(new Misfit(100, Misfit.Kind.WRONG_TYPE, "\"a\""), new Misfit(101, Misfit.Kind.NOT_INTEGRAL, "1.5"));
  }

  @Test
  void aLongValueIsShortenedInItsMisfit() {
    assertThat(Wire.element("FP32", "\"" + "a".repeat(500) + "\"").misfits().getFirst().got()).hasSize(64 + 5).endsWith("...\"");
  }

  @Test
  void misfitsKnowTheirElementInFlatAndNestedData() {
    InputTensor flat = Wire.input("FP32", "[2,2]", "[1,2,\"3\",4]");
    assertThat(flat.layout()).isEqualTo(Layout.FLAT);
    assertThat(flat.field(flat.misfits().getFirst().flat(), List.of()).pointer()).isEqualTo("/inputs/0/data/2");
    InputTensor nested = Wire.input("FP32", "[2,2]", "[[1,2],[\"3\",4]]");
    assertThat(nested.layout()).isEqualTo(Layout.NESTED);
    assertThat(nested.field(nested.misfits().getFirst().flat(), List.of()).pointer()).isEqualTo("/inputs/0/data/1/0");
    assertThat(nested.field(2, List.of()).path()).isEqualTo("inputs/x[1,0]");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = '|', textBlock = """
      [2,2]           | [1,2,3]               | 3 values for shape [2,2], which holds 4
      [2,2]           | [1,2,3,4,5]           | 5 values for shape [2,2], which holds 4
      [1]             | []                    | 0 values for shape [1], which holds 1
      []              | []                    | 0 values for shape [], which holds 1
      [0]             | [1]                   | 1 value for shape [0], which holds 0
      [2,2]           | [[1,2],[3]]           | an array of 1 entry at data[1], where shape [2,2] has 2
      [2,2]           | [[1,2],[3,4,5]]       | an array of 3 entries at data[1], where shape [2,2] has 2
      [2,2]           | [[1,2],[3,4],[5,6]]   | an array of 3 entries at data, where shape [2,2] has 2
      [2,2]           | [[1,2],3]             | a value 1 deep at data[1], where shape [2,2] has 2 axes
      [2,2]           | [1,[2],3,4]           | an array among values at data[1]
      [2,2]           | [[[1,2],[3,4]]]       | a value 3 deep at data[0][0][0], where shape [2,2] has 2 axes
      [4]             | [[1,2],[3,4]]         | a value 2 deep at data[0][0], where shape [4] has 1 axis
      [1]             | [[]]                  | an array 2 deep at data[0], where shape [1] has 1 axis
      [1000000000000] | [1,2]                 | 2 values for shape [1000000000000], which holds 1000000000000
      [3000000000]    | []                    | 0 values for shape [3000000000], which holds 3000000000
      [2,1000000000000] | [[1],[2]]           | an array of 1 entry at data[0], where shape [2,1000000000000] has 1000000000000
      """)
  void dataThatContradictsTheShapeIsASizeBreachWithBothNumbers(String shape, String data, String breach) {
    InputTensor input = Wire.input("FP32", shape, data);
    assertThat(input.sizeBreach()).isEqualTo(breach);
    assertThat(input.tensor().shape()).isEqualTo(Shape.of(0));
    assertThat(input.tensor().type().name()).isEqualTo("FP32");
    assertThat(input.misfits()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      []      | [5]
      [0]     | []
      [2,0]   | [[],[]]
      [2,0]   | []
      [0,3]   | []
      [1,2,1] | [[[1],[2]]]
      [1,2,1] | [1,2]
      [3]     | [1,2,3]
      """)
  void dataThatFitsIsKept(String shape, String data) {
    InputTensor input = Wire.input("INT64", shape, data);
    assertThat(input.sizeBreach()).isEmpty();
    assertThat(input.tensor().shape()).hasToString(shape);
  }

  @Test
  void aShapeAlonePlansNoStorage() {
    String json = Wire.request("FP64", "[100000000]", "[1]");
    assertThat(Wire.decode(json).inputs().getFirst().sizeBreach()).isEqualTo("1 value for shape [100000000], which holds 100000000");
    var sink = new ElementSink(dev.faultline.tensor.DataType.FP64, 1_000_000_000_000L);
    sink.grow(1);
    assertThat(sink.capacity()).isLessThanOrEqualTo(64);
  }
}
