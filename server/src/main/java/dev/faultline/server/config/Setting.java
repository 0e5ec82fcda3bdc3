package dev.faultline.server.config;

/// The value a key has and where it came from: what `config show --blame` prints. `value` is `***` for a secret that is set.
public record Setting(String key, String value, String source) {}
