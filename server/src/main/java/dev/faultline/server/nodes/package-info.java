/// How long each node of a model's graph takes on kept requests, and which nodes, steps and stages became slower from one version to another.
@NullMarked
package dev.faultline.server.nodes;

import org.jspecify.annotations.NullMarked;
