package dev.faultline.capture;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Small documents that must survive a restart: groups, verdicts. A table with a key, in a file of its own that retention leaves alone.
final class KeptDocuments {
  /// How many documents are kept between two looks at whether a kind has too many.
  private static final int TRIM_EVERY = 128;

  private final DuckDb db;
  private final int perKindMax;
  private long sequence;

  KeptDocuments(DuckDb db, int perKindMax) throws SQLException {
    this.db = db;
    this.perKindMax = perKindMax;
    db.execute("CREATE TABLE IF NOT EXISTS kept.documents (kind VARCHAR, id VARCHAR, sequence BIGINT, document VARCHAR, PRIMARY KEY (kind, id))");
    this.sequence = db.select("SELECT coalesce(max(sequence), 0) FROM kept.documents", List.of(), row -> row.getLong(1)).getFirst();
  }

  synchronized void keep(String kind, String id, String json) throws SQLException {
    sequence++;
    update("INSERT OR REPLACE INTO kept.documents VALUES (?, ?, ?, ?)", List.of(kind, id, sequence, json));
    if (sequence % TRIM_EVERY == 0) {
      trim(kind);
    }
  }

  private void trim(String kind) throws SQLException {
    update(
        "DELETE FROM kept.documents WHERE kind = ? AND sequence <= (SELECT coalesce(min(sequence), 0) - 1 FROM (SELECT sequence FROM"
            + " kept.documents WHERE kind = ? ORDER BY sequence DESC LIMIT ?))",
        List.of(kind, kind, perKindMax));
  }

  private void update(String sql, List<Object> parameters) throws SQLException {
    db.with(
        connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
              statement.setObject(i + 1, parameters.get(i));
            }
            return statement.executeUpdate();
          }
        });
  }

  Optional<String> find(String kind, String id) throws SQLException {
    return db.select("SELECT document FROM kept.documents WHERE kind = ? AND id = ?", List.of(kind, id), KeptDocuments::document)
        .stream()
        .findFirst();
  }

  List<String> newest(String kind, int limit) throws SQLException {
    return db.select(
        "SELECT document FROM kept.documents WHERE kind = ? ORDER BY sequence DESC LIMIT ?",
        List.of(kind, limit),
        KeptDocuments::document);
  }

  private static String document(ResultSet row) throws SQLException {
    return row.getString(1);
  }
}
