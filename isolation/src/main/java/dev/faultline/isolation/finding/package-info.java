/// The words in which an isolation method says what it found: conditions, causes, confidence.
@NullMarked
package dev.faultline.isolation.finding;

import org.jspecify.annotations.NullMarked;
