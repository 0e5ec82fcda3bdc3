package dev.faultline.evaluation.model;

import dev.faultline.graph.Graph;

/// One version of a model: its graph and its contract.
public record Release(String version, Graph graph, String contract) {}
