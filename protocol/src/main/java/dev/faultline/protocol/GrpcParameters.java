package dev.faultline.protocol;

import dev.faultline.protocol.inference.InferParameter;
import java.util.LinkedHashMap;
import java.util.Map;

/// Parameters of the gRPC protocol, as String, Long, Double and Boolean. An unsigned number beyond a `long` becomes a `double`.
final class GrpcParameters {
  private static final double TWO_TO_64 = 0x1p64;

  private GrpcParameters() {}

  /// @param owner pointer to what has the parameters
  static Map<String, Object> read(Map<String, InferParameter> parameters, String owner) {
    if (parameters.isEmpty()) {
      return Map.of();
    }
    var read = new LinkedHashMap<String, Object>();
    parameters.forEach((name, parameter) -> read.put(name, value(parameter, owner + "/parameters/" + name, name)));
    return read;
  }

  static InferParameter write(Object value) {
    var parameter = InferParameter.newBuilder();
    return switch (value) {
      case Boolean flag -> parameter.setBoolParam(flag).build();
      case Long number -> parameter.setInt64Param(number).build();
      case Double number -> parameter.setDoubleParam(number).build();
      case Object text -> parameter.setStringParam(text.toString()).build();
    };
  }

  private static Object value(InferParameter parameter, String pointer, String name) {
    return switch (parameter.getParameterChoiceCase()) {
      case BOOL_PARAM -> parameter.getBoolParam();
      case INT64_PARAM -> parameter.getInt64Param();
      case STRING_PARAM -> parameter.getStringParam();
      case DOUBLE_PARAM -> parameter.getDoubleParam();
      case UINT64_PARAM -> unsigned(parameter.getUint64Param());
      case PARAMETERCHOICE_NOT_SET ->
          throw JsonReader.fault("parameter '" + Excerpt.name(name) + "' has no value (expected: a string, a number or a boolean)", pointer);
    };
  }

  private static Object unsigned(long bits) {
    return bits >= 0 ? (Object) bits : (Object) (bits + TWO_TO_64);
  }
}
