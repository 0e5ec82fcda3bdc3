package dev.faultline.serving.backend;

import java.nio.file.Path;

/// The file of one model version, before it is loaded. `digest` is `sha256:<hex>` of the file.
public record Artifact(String model, String version, Path file, String digest) {}
