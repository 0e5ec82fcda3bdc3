package dev.faultline.server.config;

import java.util.Map;

/// A checked value for every key.
final class Values {
  private final Map<ConfigKey<?>, String> texts;

  /// `texts` hold only what their key's kind accepts; a key without one has its default.
  Values(Map<ConfigKey<?>, String> texts) {
    this.texts = Map.copyOf(texts);
  }

  <T> T of(ConfigKey<T> key) {
    return key.kind().parse(texts.getOrDefault(key, key.fallback())).orElseThrow(() -> new IllegalStateException(key.path() + " was not checked"));
  }
}
