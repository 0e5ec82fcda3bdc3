package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.serving.batch.BatchCounts;
import dev.faultline.serving.batch.BatchStanding;
import dev.faultline.serving.batch.Batcher;
import java.util.Locale;

/// `batching` of a model version: whether its requests are joined, why not, and what became of its batches.
final class BatchingDocument {
  private BatchingDocument() {}

  static ObjectNode of(Batcher batcher) {
    BatchStanding standing = batcher.standing();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("state", standing.state().name().toLowerCase(Locale.ROOT));
    document.put("reason", standing.reason().isEmpty() ? null : standing.reason());
    if (standing.state() == BatchStanding.State.OFF) {
      return document;
    }
    document.put("max_size", batcher.terms().rowsMax()).put("max_size_now", standing.rowsMax());
    document.put("max_delay_us", batcher.terms().delayMaxMicros());
    var preferred = document.putArray("preferred_sizes");
    batcher.terms().preferredRows().forEach(preferred::add);
    counts(document, batcher.counts());
    return document.put("poisons", batcher.poisons()).put("waiting", batcher.waiting());
  }

  private static void counts(ObjectNode document, BatchCounts counts) {
    document.put("batches", counts.batches()).put("requests", counts.requests()).put("rows", counts.rows());
    document.put("innocents_saved", counts.innocentsSaved()).put("extra_calls", counts.extraCalls()).put("trial_calls", counts.trialCalls());
    ObjectNode failures = document.putObject("failures");
    for (BatchCounts.Finding finding : BatchCounts.Finding.values()) {
      failures.put(finding.name().toLowerCase(Locale.ROOT), counts.failures(finding));
    }
  }
}
