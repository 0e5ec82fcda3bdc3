/// What distinguishes failing from passing requests, with controlled error.
@NullMarked
package dev.faultline.isolation.attribute;

import org.jspecify.annotations.NullMarked;
