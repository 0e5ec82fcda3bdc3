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

  void add(String sentence) {
    if (isNew(sentence)) {
      LOG.warn("capture store: {}", sentence);
    }
  }

  void add(String sentence, Exception cause) {
    String whole = sentence + ": " + cause.getMessage();
    if (isNew(whole)) {
      LOG.warn("capture store: {}", whole, cause);
    }
  }

  private synchronized boolean isNew(String sentence) {
    if (sentences.contains(sentence)) {
      return false;
    }
    sentences.addLast(sentence);
    if (sentences.size() > SENTENCES_MAX) {
      sentences.removeFirst();
    }
    return true;
  }

  synchronized List<String> all() {
    return List.copyOf(sentences);
  }
}
