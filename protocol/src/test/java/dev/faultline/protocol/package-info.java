/// What callers see of the wire formats, odd payloads above all.
@NullMarked
package dev.faultline.protocol;

import org.jspecify.annotations.NullMarked;
