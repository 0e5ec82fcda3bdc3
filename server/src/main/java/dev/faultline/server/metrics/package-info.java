/// What is counted and timed, under the names that dashboards know.
@NullMarked
package dev.faultline.server.metrics;

import org.jspecify.annotations.NullMarked;
