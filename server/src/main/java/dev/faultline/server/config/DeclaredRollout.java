package dev.faultline.server.config;

import com.fasterxml.jackson.databind.JsonNode;

/// A rollout that stands in the configuration file: below `rollouts` the name of a model, below that a plan with the members that the admin API takes.
public record DeclaredRollout(String model, JsonNode plan) {}
