package dev.faultline.example.birdstrikes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/// Reads `birdstrikes.csv` and writes its rows as request bodies, as maps that any JSON library turns into text.
public final class BirdstrikeRows {

  private static final CSVFormat FORMAT = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

  private BirdstrikeRows() {}

  /// All rows, in file order.
  public static List<BirdstrikeRow> read(Path csv) throws IOException {
    try (Reader reader = Files.newBufferedReader(csv, UTF_8);
        var records = FORMAT.parse(reader)) {
      return records.stream().map(BirdstrikeRows::row).toList();
    }
  }

  /// How many rows have no speed.
  public static long withoutSpeed(List<BirdstrikeRow> rows) {
    return rows.stream().filter(row -> row.speedKnots().isEmpty()).count();
  }

  /// A KServe V1 body, `{"instances": [{"speed_knots": null, "aircraft": "B-737-300", ...}]}`: one record a row.
  public static Map<String, Object> v1Body(List<BirdstrikeRow> rows) {
    return Map.of("instances", rows.stream().map(BirdstrikeRow::values).toList());
  }

  /// An Open Inference Protocol V2 body, `{"inputs": [{"name": "speed_knots", "shape": [n, 1], "datatype": "FP32", "data":
  /// [null, ...]}, ...]}`: one tensor a column.
  public static Map<String, Object> v2Body(List<BirdstrikeRow> rows) {
    List<Map<String, Object>> inputs = new ArrayList<>();
    inputs.add(input(BirdstrikeRow.SPEED_INPUT, "FP32", rows));
    for (Category category : Category.values()) {
      inputs.add(input(category.input(), category.isNumber() ? "INT64" : "BYTES", rows));
    }
    return Map.of("inputs", inputs);
  }

  private static Map<String, Object> input(String name, String type, List<BirdstrikeRow> rows) {
    List<@Nullable Object> data = new ArrayList<>();
    rows.forEach(row -> data.add(row.values().get(name)));
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("name", name);
    input.put("shape", List.of(rows.size(), 1));
    input.put("datatype", type);
    input.put("data", data);
    return input;
  }

  private static BirdstrikeRow row(CSVRecord cells) {
    LocalDate date = LocalDate.parse(cells.get(Category.FLIGHT_MONTH.header()));
    EnumMap<Category, String> categories = new EnumMap<>(Category.class);
    for (Category category : Category.values()) {
      categories.put(category, cells.get(category.header()));
    }
    categories.put(Category.FLIGHT_MONTH, Integer.toString(date.getMonthValue()));
    return new BirdstrikeRow(
        Math.toIntExact(cells.getRecordNumber()),
        date,
        categories,
        cells.get("Speed IAS in knots"),
        cells.get("Effect Amount of damage"));
  }
}
