/// Stack frames that say which model version, stage and step is at work.
@NullMarked
package dev.faultline.serving.landmark;

import org.jspecify.annotations.NullMarked;
