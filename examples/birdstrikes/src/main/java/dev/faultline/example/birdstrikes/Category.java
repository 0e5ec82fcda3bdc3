package dev.faultline.example.birdstrikes;

/// A categorical column of a strike report: the model input it becomes and where the file has it.
///
/// Left out on purpose: the three cost columns and the damage column, which are known only after the damage and would leak it,
/// and the airport, which the state stands for.
public enum Category {
  AIRCRAFT("aircraft", "Aircraft Make Model"),
  AIRLINE("airline", "Aircraft Airline Operator"),
  ORIGIN_STATE("origin_state", "Origin State"),
  PHASE("phase", "Phase of flight"),
  WILDLIFE_SIZE("wildlife_size", "Wildlife Size"),
  SPECIES("species", "Wildlife Species"),
  TIME_OF_DAY("time_of_day", "Time of day"),
  /// 1 to 12, out of the flight date: migration has a season.
  FLIGHT_MONTH("flight_month", "Flight Date");

  private final String input;
  private final String header;

  Category(String input, String header) {
    this.input = input;
    this.header = header;
  }

  /// The name of the model's input.
  public String input() {
    return input;
  }

  /// Whether the input holds whole numbers (`INT64`) and not text (`BYTES`).
  public boolean isNumber() {
    return this == FLIGHT_MONTH;
  }

  String header() {
    return header;
  }
}
