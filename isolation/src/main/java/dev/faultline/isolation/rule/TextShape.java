package dev.faultline.isolation.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The form that all texts of a field have in common, where it is plain: runs of digits, capitals and small letters of ASCII between the same signs.
///
/// `AB-1234` and `CD-99` have the form `[A-Z]{2}-[0-9]+`. Texts that are nothing but one run of letters are words, which have no form worth a rule.
final class TextShape {
  private static final int RUNS_MAX = 24;
  private static final String UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
  private static final String DECIMAL = "-?[0-9]+(\\.[0-9]+)?";

  private record Run(String kind, int length, boolean steady) {}

  private List<Run> runs = List.of();
  private boolean begun;
  private boolean irregular;
  private boolean uuids = true;
  private boolean decimals = true;
  private boolean anyPoint;

  void add(String text) {
    uuids = uuids && text.length() == 36 && text.matches(UUID);
    decimals = decimals && text.length() <= 32 && text.matches(DECIMAL);
    anyPoint |= text.indexOf('.') >= 0 || text.startsWith("-");
    if (!irregular) {
      List<Run> now = runs(text);
      runs = begun ? common(now) : now;
      irregular = runs.isEmpty();
      begun = true;
    }
  }

  /// A regular expression, empty when there is no common form.
  Optional<String> pattern() {
    if (!begun) {
      return Optional.empty();
    }
    if (uuids) {
      return Optional.of(UUID);
    }
    if (!irregular && (runs.size() > 1 || runs.getFirst().kind().equals("[0-9]"))) {
      return Optional.of(String.join("", runs.stream().map(TextShape::text).toList()));
    }
    return decimals && anyPoint ? Optional.of(DECIMAL) : Optional.empty();
  }

  private static String text(Run run) {
    if (!run.kind().startsWith("[")) {
      return run.kind();
    }
    return run.kind() + (run.steady() ? (run.length() == 1 ? "" : "{" + run.length() + "}") : "+");
  }

  private List<Run> common(List<Run> others) {
    if (runs.size() != others.size()) {
      return List.of();
    }
    var common = new ArrayList<Run>();
    for (int i = 0; i < runs.size(); i++) {
      Run mine = runs.get(i);
      Run other = others.get(i);
      if (!mine.kind().equals(other.kind())) {
        return List.of();
      }
      common.add(new Run(mine.kind(), mine.length(), mine.steady() && mine.length() == other.length()));
    }
    return common;
  }

  /// Empty for a text without a plain form.
  private static List<Run> runs(String text) {
    var found = new ArrayList<Run>();
    for (int i = 0; i < text.length(); i++) {
      String kind = kind(text.charAt(i));
      if (kind.isEmpty() || found.size() > RUNS_MAX) {
        return List.of();
      }
      boolean goesOn = !found.isEmpty() && kind.startsWith("[") && found.getLast().kind().equals(kind);
      if (goesOn) {
        found.set(found.size() - 1, new Run(kind, found.getLast().length() + 1, true));
      } else {
        found.add(new Run(kind, 1, true));
      }
    }
    return found;
  }

  private static String kind(char sign) {
    if (sign >= '0' && sign <= '9') {
      return "[0-9]";
    }
    if (sign >= 'A' && sign <= 'Z') {
      return "[A-Z]";
    }
    if (sign >= 'a' && sign <= 'z') {
      return "[a-z]";
    }
    if (sign == ' ' || sign == '_') {
      return String.valueOf(sign);
    }
    return sign > ' ' && sign < 127 ? "\\" + sign : "";
  }
}
