package dev.faultline.cli;

import dev.faultline.example.birdstrikes.BirdstrikeRow;
import java.util.List;
import java.util.function.UnaryOperator;

/// A mistake that clients really make, as a change of a good request, and the fault it must end in.
record DemoMistake(String expected, String path, UnaryOperator<String> spoil) {
  private static final String INFER = "/v2/models/" + DemoPlan.MODEL + "/infer";

  DemoCall call(BirdstrikeRow row) {
    return new DemoCall("clumsy", path, spoil.apply(DemoPlan.v2(row)), expected, false);
  }

  static List<DemoMistake> all() {
    return List.of(
        // cut off in the middle
        new DemoMistake("decode.json", INFER, body -> body.substring(0, body.indexOf("\"data\"") + 7)),
        // knots in words
        new DemoMistake("validate.data_type", INFER, body -> speed(body, "\"fast\"")),
        // kilometres an hour in thousands, or a sentinel
        new DemoMistake("validate.range", INFER, body -> speed(body, "9999")),
        // a column left out
        new DemoMistake("validate.missing_input", INFER, body -> body.replaceFirst(",?\\{\"name\":\"species\"[^}]*}", "")),
        // a column misspelt
        new DemoMistake("validate.unknown_input", INFER, body -> body.replaceFirst("]}$", ",{\"name\":\"wingspan\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1.2]}]}")),
        // a row without its batch dimension
        new DemoMistake("validate.rank", INFER, body -> body.replaceFirst("(\"speed_knots\",\"shape\":)\\[1,1]", "$1[1]")),
        // two values where the shape says one
        new DemoMistake("validate.size_mismatch", INFER, body -> speed(body, "120,130")),
        // a category nobody knows
        new DemoMistake("validate.values", INFER, body -> body.replaceFirst("(\"time_of_day\"[^}]*\"data\":\\[)\"[^\"]*\"", "$1\"Noon\"")),
        // a month that is missing
        new DemoMistake("validate.null", INFER, body -> body.replaceFirst("(\"flight_month\"[^}]*\"data\":\\[)[0-9]+", "$1null")),
        // names that do not exist
        new DemoMistake("route.model_not_found", "/v2/models/birdstrike/infer", body -> body),
        new DemoMistake("route.version_not_found", DemoPlan.infer("9"), body -> body));
  }

  private static String speed(String body, String value) {
    return body.replaceFirst("(\"speed_knots\"[^}]*\"data\":\\[)[^]]*", "$1" + value);
  }
}
