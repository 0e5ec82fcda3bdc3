package dev.faultline.capture;

import java.util.List;
import java.util.Optional;

/// Where captures are kept. Safe to use from several threads; bounded by its own limits, the oldest go first.
///
/// Every method may throw [CaptureStoreException]. Redaction happens before: a store keeps what it is given.
public interface CaptureStore extends AutoCloseable {

  /// Keeps all of a batch or none. When it returns, a durable store has them on disk, whatever happens to the process.
  void append(List<Capture> batch);

  /// Captures, newest first.
  CapturePage query(CaptureQuery query);

  /// One capture, whole.
  Optional<Capture> find(String id);

  /// The newest capture with this fault or suspicion, whole.
  default Optional<Capture> findByFault(String faultId) {
    CaptureQuery query = CaptureQuery.all().where(CaptureQuery.By.FAULT_ID, faultId).limit(1).whole();
    return query(query).items().stream().findFirst();
  }

  CaptureStats stats();

  /// Keeps a small document under a kind (`group`, `verdict`) and an id, in the place of an earlier one.
  void keep(String kind, String id, String json);

  Optional<String> kept(String kind, String id);

  /// Documents of a kind, the one kept last first.
  List<String> kept(String kind, int limit);

  @Override
  void close();
}
