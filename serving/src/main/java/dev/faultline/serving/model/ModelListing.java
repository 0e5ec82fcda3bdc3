package dev.faultline.serving.model;

import java.nio.file.Path;

/// One model version as the repository knows it, whatever its state.
public record ModelListing(String model, String version, Layout layout, Path path, ModelState state) {}
