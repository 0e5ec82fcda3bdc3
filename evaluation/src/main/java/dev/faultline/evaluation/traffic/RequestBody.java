package dev.faultline.evaluation.traffic;

import dev.faultline.evaluation.traffic.Request.Quirk;
import java.util.List;

/// The V2 JSON of a request, oddities included.
public final class RequestBody {
  /// By so much are the values larger that a second `data` brings, so that the one that counts shows.
  private static final double LOUDER = 1_000;

  private RequestBody() {}

  public static String of(Request request) {
    return of(request.inputs(), request.quirk() == Quirk.DATA_TWICE, "");
  }

  /// The JSON of inputs alone, kept out of the capture store: for experiments.
  public static String unkept(List<Input> inputs) {
    return of(inputs, false, "\"parameters\":{\"faultline_capture\":\"none\"},");
  }

  private static String of(List<Input> inputs, boolean dataTwice, String parameters) {
    var json = new StringBuilder(256).append('{').append(parameters).append("\"inputs\":[");
    for (int i = 0; i < inputs.size(); i++) {
      input(json.append(i == 0 ? "" : ","), inputs.get(i), dataTwice && i == 0);
    }
    return json.append("]}").toString();
  }

  private static void input(StringBuilder json, Input input, boolean dataTwice) {
    json.append("{\"name\":\"").append(input.name()).append("\",\"shape\":").append(input.shape());
    json.append(",\"datatype\":\"").append(input.datatype()).append('"');
    data(json, input.values());
    if (dataTwice) {
      data(json, input.values().stream().map(value -> value instanceof Double number ? (Object) (number * LOUDER) : value).toList());
    }
    json.append('}');
  }

  private static void data(StringBuilder json, List<Object> values) {
    json.append(",\"data\":[");
    for (int i = 0; i < values.size(); i++) {
      json.append(i == 0 ? "" : ",");
      value(json, values.get(i));
    }
    json.append(']');
  }

  private static void value(StringBuilder json, Object value) {
    if (value instanceof String text) {
      json.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    } else {
      json.append(value);
    }
  }
}
