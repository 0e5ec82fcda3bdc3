package dev.faultline.capture;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/// The database engine inside this process: one in-memory instance to which files are attached, so that they share its memory limit.
///
/// It never reaches for the network: extensions are neither installed nor loaded by themselves.
final class DuckDb implements AutoCloseable {

  /// Work on one connection.
  @FunctionalInterface
  interface Work<T> {
    T on(DuckDBConnection connection) throws SQLException;
  }

  /// A row read into a value.
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final DuckDBConnection root;

  private DuckDb(DuckDBConnection root) {
    this.root = root;
  }

  static DuckDb open(Path spill, long memoryBytes) throws SQLException {
    var settings = new Properties();
    settings.setProperty("memory_limit", (memoryBytes >> 20) + "MiB");
    settings.setProperty("temp_directory", spill.toString());
    // one thread beside the one that calls: the processors belong to the models
    settings.setProperty("threads", "1");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    // the default of 16 MiB stalls an append for up to a second each time
    settings.setProperty("checkpoint_threshold", "128MiB");
    var db = new DuckDb((DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings));
    // closed segments never change: their footers need not be read for each query
    db.execute("SET GLOBAL parquet_metadata_cache = true");
    return db;
  }

  /// Work on a connection of its own.
  <T> T with(Work<T> work) throws SQLException {
    try (DuckDBConnection connection = root.duplicate()) {
      return work.on(connection);
    }
  }

  /// A connection that stays open until its owner closes it.
  DuckDBConnection connection() throws SQLException {
    return root.duplicate();
  }

  void execute(String sql) throws SQLException {
    with(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  <T> List<T> select(String sql, List<Object> parameters, RowReader<T> reader) throws SQLException {
    return with(connection -> select(connection, sql, parameters, reader));
  }

  private static <T> List<T> select(DuckDBConnection connection, String sql, List<Object> parameters, RowReader<T> reader)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        return all(rows, reader);
      }
    }
  }

  private static <T> List<T> all(ResultSet rows, RowReader<T> reader) throws SQLException {
    var all = new java.util.ArrayList<T>();
    while (rows.next()) {
      all.add(reader.read(rows));
    }
    return all;
  }

  static String quoted(Path file) {
    return "'" + file.toString().replace("'", "''") + "'";
  }

  @Override
  public void close() throws SQLException {
    root.close();
  }
}
