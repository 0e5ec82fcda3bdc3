package dev.faultline.server.config;

import java.util.List;

/// A configuration, the source of each of its values in the order of the page, and what a person should know about the reading.
public record ReadConfig(ServerConfig config, List<Setting> settings, List<String> notes) {
  public ReadConfig {
    settings = List.copyOf(settings);
    notes = List.copyOf(notes);
  }
}
