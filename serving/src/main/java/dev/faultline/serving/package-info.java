/// The data plane: how one request walks its nine stages and what it leaves behind.
@NullMarked
package dev.faultline.serving;

import org.jspecify.annotations.NullMarked;
