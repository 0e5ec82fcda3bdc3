package dev.faultline.backend.onnx;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.DOUBLE;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.FLOAT16;
import static dev.faultline.graph.ElementType.STRING;
import static dev.faultline.graph.ElementType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.FaultException;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The engine itself is the judge: what it casts must count as readable, what it refuses must not.
final class NumberTextTest {

  private static final List<String> TEXTS =
      List.of(
          "1", "-1", "+1", " 12", "12abc", "abc", "", " ", "-", ".", ".5", "5.", "1.5", "1e", "1e5", "1e999", "1e-310", "0e999", "0.0", "-0",
          "0x10", "0x", "0x1p3", "inf", "-INF", "Infinity", "nan", "NaN", "nano", "300", "9223372036854775807", "9223372036854775808",
          "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "\t7\n", "1,5", "\u0661",
          "\uD83D\uDE00", "1\0002", "1.7976931348623157e308", "1.8e308", "2.2250738585072014e-308", "e5", "1_000");

  @ParameterizedTest
  @EnumSource(value = ElementType.class, names = {"FLOAT", "DOUBLE", "FLOAT16", "INT64", "INT32", "INT8", "UINT8", "BOOL"})
  void agreesWithTheEngine(ElementType type) throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("parse")
            .input("x", STRING, "n")
            .node("parse", "Cast", List.of("x"), List.of("y"), Attribute.ofType("to", type))
            .output("y", type, "n");
    try (OnnxModel model = Models.load(graph)) {
      for (String text : TEXTS) {
        assertThat(NumberText.isReadableBy(function(type), text)).as("'%s' to %s", text, type).isEqualTo(casts(model, text));
      }
    }
  }

  private static boolean casts(OnnxModel model, String text) {
    try {
      return !model.run(List.of(Tensor.strings("x", Shape.of(1), List.of(text))), new RunControl()).outputs().isEmpty();
    } catch (FaultException e) {
      return false;
    }
  }

  private static String function(ElementType type) {
    if (List.of(FLOAT, DOUBLE, FLOAT16).contains(type)) {
      return "stod";
    }
    return List.of(UINT8, BOOL).contains(type) ? "stoull" : "stoll";
  }
}
