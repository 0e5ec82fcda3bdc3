/// Where a running server's time and memory go: profiles with flame graphs, by model version, stage and step.
@NullMarked
package dev.faultline.server.profile;

import org.jspecify.annotations.NullMarked;
