package dev.faultline.capture;

import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a store found damaged and skipped, or could not do yet: said in the log when it is found, and kept for [CaptureStats].
final class Findings {
  /// Beyond this the oldest sentence goes.
  static final int SENTENCES_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(DuckDbCaptureStore.class);

  private final ArrayDeque<String> sentences = new ArrayDeque<>();

  synchronized void add(String sentence) {
    if (sentences.contains(sentence)) {
      return;
    }
    sentences.addLast(sentence);
    if (sentences.size() > SENTENCES_MAX) {
      sentences.removeFirst();
    }
    LOG.warn("capture store: {}", sentence);
  }

  /// With the stack trace of what led to it.
  synchronized void add(String sentence, Exception cause) {
    LOG.debug("capture store", cause);
    add(sentence + ": " + cause.getMessage());
  }

  synchronized List<String> all() {
    return List.copyOf(sentences);
  }
}
