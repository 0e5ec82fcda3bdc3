package dev.faultline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.example.birdstrikes.BirdstrikeRow;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// What the demo sends: a real row a request, a fifth of them to version 2, the new release, a fifth to version 1, the others to
/// whichever version the server takes; and now and then a clumsy client's mistake.
final class DemoPlan {
  static final String MODEL = "birdstrike-damage";
  static final String CANARY = "2";
  static final int ROWS_DEFAULT = 5_000;

  /// A mistake follows every so many rows.
  private static final int ROWS_PER_MISTAKE = 40;

  private static final String UNPINNED = "/v2/models/" + MODEL + "/infer";
  /// Spreads rows over all years; has no divisor in common with how many there are.
  private static final int STRIDE = 1_237;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<BirdstrikeRow> rows;

  private DemoPlan(List<BirdstrikeRow> rows) {
    this.rows = rows;
  }

  /// `count` of all rows, spread evenly over the years, so that missing speeds come as often as in all of them.
  static List<DemoCall> of(List<BirdstrikeRow> all, int count) {
    var chosen = new ArrayList<BirdstrikeRow>(count);
    for (long i = 0; i < count; i++) {
      chosen.add(all.get((int) (i * all.size() / count) % all.size()));
    }
    return new DemoPlan(chosen).calls();
  }

  /// The same rows without mistakes, to whichever version the server takes.
  static List<DemoCall> unpinned(List<BirdstrikeRow> all, int count) {
    var calls = new ArrayList<DemoCall>(count);
    for (long i = 0; i < count; i++) {
      calls.add(new DemoCall("ramp-app", UNPINNED, v2(all.get((int) (i * STRIDE % all.size()))), "", false));
    }
    return calls;
  }

  private List<DemoCall> calls() {
    List<DemoMistake> mistakes = DemoMistake.all();
    var calls = new ArrayList<DemoCall>(rows.size() + rows.size() / ROWS_PER_MISTAKE);
    for (int i = 0; i < rows.size(); i++) {
      calls.add(call(i, rows.get(i)));
      if (i % ROWS_PER_MISTAKE == ROWS_PER_MISTAKE - 1) {
        calls.add(mistakes.get(i / ROWS_PER_MISTAKE % mistakes.size()).call(rows.get(i)));
      }
    }
    return calls;
  }

  private static DemoCall call(int index, BirdstrikeRow row) {
    return switch (index % 5) {
      case 0 -> new DemoCall("canary", infer(CANARY), v2(row), "", row.speedKnots().isEmpty());
      case 1 -> new DemoCall("archive", infer("1"), v2(row), "", false);
      case 2, 4 -> new DemoCall("ramp-app", UNPINNED, v2(row), "", false);
      default -> new DemoCall("dispatch", "/v1/models/" + MODEL + ":predict", json(BirdstrikeRows.v1Body(List.of(row))), "", false);
    };
  }

  static String infer(String version) {
    return "/v2/models/" + MODEL + "/versions/" + version + "/infer";
  }

  static String v2(BirdstrikeRow row) {
    return json(BirdstrikeRows.v2Body(List.of(row)));
  }

  private static String json(Object body) {
    try {
      return MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a row is always JSON", e);
    }
  }
}
