/*
 * Takes the place of the Swift runtime's look-up of the names of Unicode characters, such as LATIN SMALL LETTER A.
 * Nothing in this library asks for them, and their tables would be 0.55 MB of it.
 */
#include <stddef.h>
#include <stdint.h>

ptrdiff_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, ptrdiff_t capacity);

/* As for a character without a name. */
ptrdiff_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, ptrdiff_t capacity) {
  (void)scalar;
  (void)buffer;
  (void)capacity;
  return 0;
}
