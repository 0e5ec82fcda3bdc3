package dev.faultline.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows in columns: as wide as the widest cell, numbers to the right. Cut to the terminal's width for a person, whole on a pipe.
final class Table {
  private static final String GAP = "  ";

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    this.header = List.of(header);
  }

  Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(Terminal terminal, String indent) {
    terminal.print(terminal.out(Style.DIM, fitted(terminal, indent + line(header))));
    rows.forEach(row -> terminal.print(fitted(terminal, indent + line(row))));
  }

  private static String fitted(Terminal terminal, String line) {
    boolean cut = terminal.isForPerson() && line.length() > terminal.width();
    return cut ? line.substring(0, terminal.width() - 1) + "…" : line;
  }

  private String line(List<String> cells) {
    var line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String pad = " ".repeat(width(column) - cells.get(column).length());
      line.append(column == 0 ? "" : GAP);
      line.append(isNumeric(column) ? pad + cells.get(column) : cells.get(column) + pad);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    int widest = header.get(column).length();
    for (List<String> row : rows) {
      widest = Math.max(widest, row.get(column).length());
    }
    return widest;
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("-?[0-9][0-9,.]*|"));
  }
}
