package dev.faultline.capture;

import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.duckdb.DuckDBAppender;

/// A capture as a row: the one place that knows the columns. They are what SQL over segments sees, so they are API.
///
/// The first fault has columns of its own, the others stand in `more_faults` as a JSON array. `payload` is NULL where the bytes
/// stand beside the row, in a file that `payload_sha256` names. Times are UTC.
final class CaptureRow {

  static final String COLUMNS =
      """
      id VARCHAR NOT NULL, kind VARCHAR NOT NULL, sampling_rate DOUBLE NOT NULL, captured_at TIMESTAMP NOT NULL,
      request_id VARCHAR, trace_id VARCHAR, protocol VARCHAR, method VARCHAR, path VARCHAR, headers VARCHAR, client VARCHAR,
      model VARCHAR, version VARCHAR, digest VARCHAR,
      fault_id VARCHAR, code VARCHAR, stage VARCHAR, blame VARCHAR, fingerprint VARCHAR, fault_group VARCHAR, field VARCHAR,
      node VARCHAR, fault VARCHAR, more_faults VARCHAR,
      http_status INTEGER, duration_nanos BIGINT, redacted BOOLEAN,
      content_type VARCHAR, payload_bytes BIGINT, payload_kept BIGINT, payload_sha256 VARCHAR, payload BLOB,
      passage VARCHAR, environment VARCHAR
      """;

  /// Everything but payload and documents.
  private static final String SUMMARY = "* EXCLUDE (payload, passage, environment)";

  private CaptureRow() {}

  static String selected(CaptureQuery.Detail detail) {
    return switch (detail) {
      case SUMMARY -> SUMMARY;
      case WHOLE -> "*";
    };
  }

  /// The column that an equality of a query is about.
  static String column(CaptureQuery.By by) {
    return switch (by) {
      case KIND, MODEL, VERSION, REQUEST_ID, TRACE_ID, FAULT_ID, CODE, STAGE, BLAME, FINGERPRINT, FIELD, NODE -> by.label();
      case GROUP -> "fault_group";
    };
  }

  /// @param sha256 names the payload's file, empty when it stands in the row
  static void append(DuckDBAppender to, Capture from, String sha256) throws SQLException {
    to.beginRow().append(from.id()).append(from.kind().name()).append(from.samplingRate()).appendEpochMicros(micros(from.at()));
    appendCall(to, from.call());
    to.append(from.version().model()).append(from.version().version()).append(from.version().digest());
    appendFaults(to, from.faults());
    to.append(from.httpStatus()).append(from.durationNanos()).append(from.redacted());
    to.append(from.payload().contentType()).append(from.payloadBytes()).append((long) from.payload().length()).append(sha256);
    if (sha256.isEmpty()) {
      to.append(from.payload().copyOfBytes());
    } else {
      to.appendNull();
    }
    to.append(from.passageJson()).append(from.environmentJson()).endRow();
  }

  private static void appendCall(DuckDBAppender to, CapturedCall call) throws SQLException {
    to.append(call.requestId()).append(call.traceId()).append(call.protocol()).append(call.method()).append(call.path());
    to.append(RowJson.fromHeaders(call.headers())).append(call.client());
  }

  private static void appendFaults(DuckDBAppender to, List<CapturedFault> faults) throws SQLException {
    CapturedFault first = faults.isEmpty() ? CapturedFault.NONE : faults.getFirst();
    to.append(first.id()).append(first.code()).append(first.stage()).append(first.blame()).append(first.fingerprint());
    to.append(first.group()).append(first.field()).append(first.node()).append(first.document());
    to.append(faults.size() < 2 ? "" : RowJson.fromFaults(faults.subList(1, faults.size())));
  }

  static Capture summary(ResultSet row) throws SQLException {
    return capture(row, Payload.of(new byte[0], row.getString("content_type")), "", "");
  }

  /// @param beside finds a payload that stands in a file
  static Capture whole(ResultSet row, PayloadFiles beside) throws SQLException {
    return capture(row, payload(row, beside), row.getString("passage"), row.getString("environment"));
  }

  private static Payload payload(ResultSet row, PayloadFiles beside) throws SQLException {
    String sha256 = row.getString("payload_sha256");
    byte[] bytes = sha256.isEmpty() ? row.getBytes("payload") : beside.read(sha256);
    return Payload.of(bytes, row.getString("content_type"));
  }

  private static Capture capture(ResultSet row, Payload payload, String passage, String environment) throws SQLException {
    return new Capture(
        row.getString("id"),
        Capture.Kind.valueOf(row.getString("kind")),
        row.getDouble("sampling_rate"),
        at(row, "captured_at"),
        call(row),
        new ResolvedVersion(row.getString("model"), row.getString("version"), row.getString("digest")),
        RowJson.faults(fault(row), row.getString("more_faults")),
        row.getInt("http_status"),
        row.getLong("duration_nanos"),
        payload,
        row.getLong("payload_bytes"),
        passage,
        environment,
        row.getBoolean("redacted"));
  }

  private static CapturedCall call(ResultSet row) throws SQLException {
    return new CapturedCall(
        row.getString("request_id"),
        row.getString("trace_id"),
        row.getString("protocol"),
        row.getString("method"),
        row.getString("path"),
        RowJson.headers(row.getString("headers")),
        row.getString("client"));
  }

  private static CapturedFault fault(ResultSet row) throws SQLException {
    return new CapturedFault(
        row.getString("fault_id"),
        row.getString("code"),
        row.getString("stage"),
        row.getString("blame"),
        row.getString("fingerprint"),
        row.getString("fault_group"),
        row.getString("field"),
        row.getString("node"),
        row.getString("fault"));
  }

  static Instant at(ResultSet row, String column) throws SQLException {
    return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
  }

  static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }
}
